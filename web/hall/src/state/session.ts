// Whether somebody is signed in, and what was fetched for that person. Everything personal that
// outlives a page is kept here, so that one call forgets it all.

import { ref, shallowReactive } from 'vue';
import type { Challenge } from '@/api/client';

/** unknown: the page has just been opened and the service has not been asked yet. */
export const session = ref<'unknown' | 'in' | 'out'>('unknown');
/** The masked name, once the overview has been seen. */
export const holder = ref('');
/** A code is on its way: between the two steps of signing in. */
export const challenge = ref<Challenge & { login: string }>();
/** Why the sign-in page is shown, when it was not asked for. */
export const farewell = ref<'ended' | 'signed-out' | 'everywhere'>();
/** Where to go after signing in: a path of ours, kept here and never taken from an address. */
export const returnTo = ref('/');

/** Answers of the service by question, so that going back shows at once what was there. */
export const answers = shallowReactive(new Map<string, unknown>());

const others = 'BroadcastChannel' in window ? new BroadcastChannel('session') : undefined;

/** Counts the times everything was forgotten: an answer to an earlier question is dropped. */
export let era = 0;

/** Forgets everything about the person. */
export function forget(): void {
  era++;
  answers.clear();
  holder.value = '';
  challenge.value = undefined;
  session.value = 'out';
}

/** Signed out here: the other windows of this browser forget as well. */
export function tellOthers(): void {
  others?.postMessage('out');
}

export function whenSignedOutElsewhere(act: () => void): void {
  others?.addEventListener('message', act);
}
