// What an enquiry is about and where it stands, in words.

import type { Enquiry, EnquiryAbout } from '@/api/client';
import { dayOf, daysBetween, longDay, longMonth } from '@/format';
import { t } from '@/i18n';

/** As much as the service takes. */
export const WORDS_MAX = 1000;

const FORMS: Record<EnquiryAbout, RegExp> = {
  state: /^$/,
  month: /^\d{4}-(0[1-9]|1[0-2])$/,
  entry: /^[1-9]\d{0,17}$/,
  look: /^[1-9]\d{0,17}$/,
  withdrawal: /^[!-~]{1,40}$/,
  loan: /^[1-8]?$/,
  other: /^$/,
};

/** What an address says an enquiry is about; anything that makes no sense is about nothing yet. */
export function aboutOf(about: unknown, ref: unknown): { about: EnquiryAbout; ref: string } | undefined {
  const kind = (Object.keys(FORMS) as EnquiryAbout[]).find((one) => one === about);
  const which = typeof ref === 'string' ? ref : '';
  return kind && FORMS[kind].test(which) ? { about: kind, ref: which } : undefined;
}

/** 2026 年 9 月的缴存; entry no. 12 */
export function aboutWords(about: EnquiryAbout, ref: string): string {
  if (about === 'month') return t('enquiries.about.month', { month: longMonth(ref) });
  if (about === 'loan' && !ref) return t('enquiries.about.loanAny');
  return t(`enquiries.about.${about}`, { ref });
}

/** Where it stands: what is awaited and until when, or when the answer came. */
export function standing({ state, due_on: due, answers }: Enquiry, today: string): { words: string; late: boolean } {
  const left = daysBetween(today, due);
  const last = answers.at(-1);
  if (state === 'open') {
    if (left < 0) return { words: t('enquiries.late', { day: longDay(due), n: -left }, -left), late: true };
    return { words: left === 0 ? t('enquiries.dueToday') : t('enquiries.due', { day: longDay(due), n: left }, left), late: false };
  }
  return { words: last ? t(`enquiries.on.${state}`, { day: longDay(dayOf(last.at)) }) : t(`enquiries.state.${state}`), late: false };
}
