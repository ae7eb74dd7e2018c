// What happens next: decisions on applications, loan instalments, the yearly settlement.

import type { Overview } from '@/api/client';
import { money } from '@/format';
import { t } from '@/i18n';

export interface Event {
  /** None when it is not known yet. */
  day: string | null;
  words: string;
}

export function upcoming({ applications, loans, next_settlement: settlement }: Overview): Event[] {
  const events: Event[] = [];
  for (const { state, reason, amount, decide_by: day } of applications) {
    const said = { ground: t(`reason.${reason}`), amount: money(amount) };
    if (state === '01') events.push({ day, words: t(day ? 'overview.decide' : 'overview.received', said) });
    if (state === '02') events.push({ day: null, words: t('overview.approved', said) });
  }
  for (const loan of loans) {
    if (!loan.next_due) continue;
    const n = loan.periods_paid + loan.overdue_periods + 1;
    events.push({ day: loan.next_due, words: t('overview.instalment', { n, amount: money(loan.next_payment) }) });
  }
  if (settlement) events.push({ day: settlement.day, words: t('overview.settlement', { amount: money(settlement.at_least) }) });
  const when = ({ day }: Event): string => day ?? '';
  return events.sort((a, b) => (when(a) < when(b) ? -1 : when(a) > when(b) ? 1 : 0));
}
