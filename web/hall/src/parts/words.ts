// What is said when something failed, in one place for every page.

import type { ProblemCode } from '@/api/client';
import { t } from '@/i18n';
import { centre } from '@/state/centre';

const KNOWN = ['offline', 'slow', 'busy', 'our-fault', 'not-found', 'wait'] as const;

/** A title and what to do, in the language of the page. */
export function words(code: ProblemCode): { title: string; what: string } {
  const known = KNOWN.find((one) => one === code) ?? 'other';
  return { title: t(`problem.${known}.title`), what: t(`problem.${known}.what`, { hotline: hotline() }) };
}

/** The centre's hotline; 12329 is the country's number for all housing funds. */
export const hotline = (): string => centre.value?.hotline ?? '12329';
