// A page's question to the service and the four faces of its answer: on its way, here, failed, and
// failed while an older answer is still good to look at.

import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { Problem } from '@/api/client';
import { answers, era, session } from '@/state/session';

export interface Loaded<T> {
  /** The answer to show. While another question is on its way it is still the one before. */
  data: ShallowRef<T | undefined>;
  /** The last answer there was, also after another question failed: what one can choose from. */
  last: ShallowRef<T | undefined>;
  problem: ShallowRef<Problem | undefined>;
  busy: ComputedRef<boolean>;
  again: () => Promise<void>;
}

/** Asks now and whenever the key changes. The key names the question in the session's memory. */
export function useAnswer<T>(key: () => string, ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const data = shallowRef<T>();
  const last = shallowRef<T>();
  const problem = shallowRef<Problem>();
  const current = shallowRef<AbortController>();

  function show(answer: T): void {
    data.value = answer;
    last.value = answer;
  }

  async function again(): Promise<void> {
    current.value?.abort();
    const mine = new AbortController();
    const name = key();
    const asked = era;
    const before = answers.get(name) as T | undefined;
    current.value = mine;
    if (before !== undefined) show(before);
    try {
      const answer = await ask(mine.signal);
      if (mine.signal.aborted || asked !== era) return;
      session.value = 'in';
      answers.set(name, answer);
      show(answer);
      problem.value = undefined;
    } catch (error) {
      if (mine.signal.aborted) return;
      // The answer to another question would be taken for this one's.
      if (before === undefined) data.value = undefined;
      problem.value = error instanceof Problem ? error : new Problem('our-fault');
    }
    current.value = undefined;
  }

  watch(key, again, { immediate: true });
  onScopeDispose(() => current.value?.abort());
  return { data, last, problem, busy: computed(() => current.value !== undefined), again };
}
