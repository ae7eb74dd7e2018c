// Which centre this is and what day it is there. Public, fetched once.

import { ref } from 'vue';
import { get, type Centre } from '@/api/client';

export const centre = ref<Centre>();

let asked: Promise<void> | undefined;

export function askCentre(): Promise<void> {
  asked ??= get('/api/v1/centre').then(
    (answer) => {
      centre.value = answer;
    },
    () => {
      asked = undefined; // The page works without; the next one asks again.
    },
  );
  return asked;
}
