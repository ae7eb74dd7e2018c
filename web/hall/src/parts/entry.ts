// An entry of the ledger in words.

import type { Entry } from '@/api/client';
import { amount, isZero, lineMonth, longDay, money } from '@/format';
import { t } from '@/i18n';

/** 2026 年 10 月汇缴; 部分提取：房租 */
export function entryWords(entry: Entry): string {
  const kind = t(`kind.${entry.kind}`);
  if (entry.kind === '71') return t(entry.amount.startsWith('-') ? 'ledger.mergedOut' : 'ledger.mergedIn');
  if (entry.for_month) return t('ledger.forMonth', { month: lineMonth(entry.for_month), kind });
  if (entry.reason) return t('ledger.because', { kind, reason: t(`reason.${entry.reason}`) });
  return kind;
}

/** The small print: whose shares, which interest, which entry it belongs to. */
export function entryNotes(entry: Entry, reversedBy?: number): { shares?: string; notes: string[] } {
  const notes: string[] = [];
  if (entry.reverses !== null) notes.push(t('ledger.reverses', { n: entry.reverses }));
  if (reversedBy !== undefined) notes.push(t('ledger.reversed', { n: reversedBy }));
  if (entry.kind !== '09' && !isZero(entry.interest)) notes.push(t('ledger.interestPaid', { amount: money(entry.interest) }));
  if (entry.value_date !== entry.booked) notes.push(t('ledger.valueDate', { day: longDay(entry.value_date) }));
  if (entry.reverses !== null || reversedBy !== undefined) notes.push(t('ledger.seq', { n: entry.seq }));
  const paid = !isZero(entry.unit_amount) || !isZero(entry.own_amount);
  return { ...(paid && { shares: t('ledger.shares', { unit: amount(entry.unit_amount), own: amount(entry.own_amount) }) }), notes };
}
