// The form of a withdrawal: what a ground asks for, and what may stand in its fields.

import type { components } from '#contract';
import { yuanTyped } from '@/parts/whole';

type Schemas = components['schemas'];
export type Grounds = Schemas['WithdrawalGrounds'];
export type Ground = Grounds['grounds'][number];
export type Ask = Schemas['WithdrawalAsk'];
export type Asked = Schemas['WithdrawalAsked'];

export const MONTHS_BACK = 12;
const DOCUMENT_MAX = 40;

/** As typed. */
export interface Form {
  from: string;
  months: number;
  spent: string;
  day: string;
  document: string;
}
export type FormField = 'spent' | 'day' | 'document';

export const byPaper = (ground: Ground): boolean => ground.limit !== 'rent' && ground.limit !== 'all';

/** The last twelve months, the newest first: "2026-11" … */
export function monthsBack(today: string): string[] {
  const [year = 0, month = 0] = today.split('-').map(Number);
  return Array.from({ length: MONTHS_BACK }, (_, back) => {
    const n = year * 12 + month - 1 - back;
    return `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`;
  });
}

/** How many months from the chosen one to now. */
export const monthsTo = (from: string, today: string): number => monthsBack(today).indexOf(from) + 1;

/** The fields that cannot be sent as they are. */
export function mistakesOf(form: Form, ground: Ground, today: string): FormField[] {
  if (!byPaper(ground)) return [];
  const document = [...form.document.trim()].length;
  return [
    ...(yuanTyped(form.spent) ? [] : ['spent' as const]),
    ...(/^\d{4}-\d\d-\d\d$/.test(form.day) && form.day <= today ? [] : ['day' as const]),
    ...(document > 0 && document <= DOCUMENT_MAX ? [] : ['document' as const]),
  ];
}

/** What is sent: fields that the ground does not ask for are empty. */
export function askOf(form: Form, ground: Ground): Pick<Ask, 'ground' | 'months_from' | 'months' | 'spent' | 'spent_on' | 'document'> {
  const rent = ground.limit === 'rent';
  const paper = byPaper(ground);
  return {
    ground: ground.ground,
    months_from: rent ? form.from : '',
    months: rent ? form.months : 0,
    spent: paper ? (yuanTyped(form.spent) ?? '') : '',
    spent_on: paper ? form.day : '',
    document: paper ? form.document.trim() : '',
  };
}
