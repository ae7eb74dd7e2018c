// A registration on its way from page to page. In memory only: whoever loads the page anew begins
// anew, and nothing of it stays in the browser.

import { reactive } from 'vue';
import type { RegistrationOutcome, RegistrationStarted } from '@/api/client';

type Field = 'name' | 'id_number' | 'card' | 'phone' | 'password';

interface Registration {
  form: { name: string; id_number: string; card: string; phone: string };
  /** A field of an earlier page that the service will not take. */
  wrong?: Field;
  started?: RegistrationStarted;
  /** What came of it; refused: what was typed does not belong together. */
  outcome?: RegistrationOutcome | 'refused';
  done: boolean;
}

const fresh = (): Registration => ({
  form: { name: '', id_number: '', card: '', phone: '' },
  wrong: undefined,
  started: undefined,
  outcome: undefined,
  done: false,
});

export const registration = reactive<Registration>(fresh());

export function beginAnew(): void {
  Object.assign(registration, fresh());
}

/** People group the digits of long numbers. */
export const plainNumber = (typed: string): string => typed.replace(/[\s-]/g, '').toUpperCase();
