// How many messages wait: asked for by itself and late, so that no page waits for it.

import { ref, watch } from 'vue';
import { get } from '@/api/client';
import { era, session } from '@/state/session';

const LATE_MS = 1200;
const AGAIN_MS = 5 * 60_000;

export const unread = ref(0);

let asked = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

async function ask(): Promise<void> {
  const mine = era;
  asked = Date.now();
  try {
    const answer = await get('/api/v1/me/messages', { limit: 1 });
    if (mine === era) unread.value = answer.unread;
  } catch {
    // The pages do without; the next one asks again.
    asked = 0;
  }
}

/** A page that asks nothing by itself has to know whether somebody is here; nobody is sent to the door. */
export async function askSession(): Promise<void> {
  if (session.value !== 'unknown') return;
  const mine = era;
  const answer = await get('/api/v1/me/messages', { limit: 1 }).catch(() => undefined);
  if (!answer || mine !== era) return;
  asked = Date.now();
  unread.value = answer.unread;
  session.value = 'in';
}

/** Called with each page: asks when nobody did for a while. */
export function watchUnread(): void {
  if (session.value !== 'in' || Date.now() - asked < AGAIN_MS) return;
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), LATE_MS);
}

watch(session, (now) => {
  if (now === 'in') return watchUnread();
  clearTimeout(timer);
  unread.value = 0;
  asked = 0;
});
