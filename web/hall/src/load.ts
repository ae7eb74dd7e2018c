// A page's question to the service and the four faces of its answer: on its way, here, failed, and
// failed while an older answer is still good to look at.

import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { Problem } from '@/api/client';
import { answers, era, session } from '@/state/session';

export interface Loaded<T> {
  data: ShallowRef<T | undefined>;
  problem: ShallowRef<Problem | undefined>;
  busy: ComputedRef<boolean>;
  again: () => Promise<void>;
}

/** Asks now and whenever the key changes. The key names the question in the session's memory. */
export function useAnswer<T>(key: () => string, ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const data = shallowRef<T>();
  const problem = shallowRef<Problem>();
  const current = shallowRef<AbortController>();

  async function again(): Promise<void> {
    current.value?.abort();
    const mine = new AbortController();
    const name = key();
    const asked = era;
    current.value = mine;
    data.value = answers.get(name) as T | undefined;
    try {
      const answer = await ask(mine.signal);
      if (mine.signal.aborted || asked !== era) return;
      session.value = 'in';
      answers.set(name, answer);
      data.value = answer;
      problem.value = undefined;
    } catch (error) {
      if (mine.signal.aborted) return;
      problem.value = error instanceof Problem ? error : new Problem('our-fault');
    }
    current.value = undefined;
  }

  watch(key, again, { immediate: true });
  onScopeDispose(() => current.value?.abort());
  return { data, problem, busy: computed(() => current.value !== undefined), again };
}
