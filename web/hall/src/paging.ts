// What lies beyond the first answer of a list that is read newest first: asked for a piece at a time,
// joined to what is there, dropped when another first answer has come meanwhile.

import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { Problem } from '@/api/client';

/** The rows that one answer brings, and whether there are older ones. */
export interface Piece<Row> {
  rows: Row[];
  more: boolean;
}

export interface Paged<Row> {
  /** Of all answers so far, newest first. */
  rows: ComputedRef<Row[]>;
  more: ComputedRef<boolean>;
  busy: ShallowRef<boolean>;
  problem: ShallowRef<Problem | undefined>;
  askMore: () => Promise<void>;
}

/** `piece` takes the rows out of an answer; `ask` fetches those that follow the ones shown, of which there is at least one. */
export function usePaged<Answer, Row>(
  first: Readonly<Ref<Answer | undefined>>,
  piece: (answer: Answer) => Piece<Row> | null | undefined,
  ask: (shown: Row[]) => Promise<Answer>,
): Paged<Row> {
  const older = shallowRef<Row[]>([]);
  const newest = shallowRef<Answer>();
  const busy = shallowRef(false);
  const problem = shallowRef<Problem>();

  const none: Piece<Row> = { rows: [], more: false };
  const of = (answer: Answer | undefined) => (answer === undefined ? none : (piece(answer) ?? none));
  const rows = computed(() => [...of(first.value).rows, ...older.value]);
  const more = computed(() => of(newest.value ?? first.value).more);

  watch(first, () => {
    older.value = [];
    newest.value = undefined;
    problem.value = undefined;
  });

  async function askMore(): Promise<void> {
    const from = first.value;
    if (busy.value || from === undefined || rows.value.length === 0) return;
    busy.value = true;
    problem.value = undefined;
    try {
      const answer = await ask(rows.value);
      if (first.value !== from) return; // Something else was chosen meanwhile.
      older.value = [...older.value, ...of(answer).rows];
      newest.value = answer;
    } catch (error) {
      if (first.value === from) problem.value = error instanceof Problem ? error : new Problem('our-fault');
    } finally {
      busy.value = false;
    }
  }

  return { rows, more, busy, problem, askMore };
}

/** The sequence number that the older ones lie before. */
export const oldest = (shown: { seq: number }[]): number => shown.at(-1)!.seq;
