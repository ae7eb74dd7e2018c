// The record of looks as a person reads it: by day, and one's own steps through the pages in a row
// as one visit. Everyone else's looks stay one line each.

import type { Look } from '@/api/client';
import { dayOf } from '@/format';

export interface Visit {
  seq: number;
  /** The newest of its looks. */
  look: Look;
  /** In the order in which they were looked at. */
  parts: Look['part'][];
  from: string;
  to: string;
}

const SAME_VISIT_MS = 15 * 60 * 1000;

/** Looks come newest first; so do days and visits. */
export function byDay(looks: Look[]): { day: string; visits: Visit[] }[] {
  const days: { day: string; visits: Visit[] }[] = [];
  for (const look of looks) {
    let today = days.at(-1);
    if (today?.day !== dayOf(look.at)) days.push((today = { day: dayOf(look.at), visits: [] }));
    const last = today.visits.at(-1);
    if (last && goesOn(last, look)) {
      last.from = look.at;
      if (!last.parts.includes(look.part)) last.parts.unshift(look.part);
    } else {
      today.visits.push({ seq: look.seq, look, parts: [look.part], from: look.at, to: look.at });
    }
  }
  return days;
}

function goesOn(visit: Visit, look: Look): boolean {
  const { look: before } = visit;
  return (
    look.actor_kind === 'holder' &&
    before.actor_kind === 'holder' &&
    look.place === before.place &&
    look.channel === before.channel &&
    look.outcome === before.outcome &&
    Date.parse(visit.from) - Date.parse(look.at) <= SAME_VISIT_MS
  );
}
