// An entry of the ledger in words.

import type { Entry } from '@/api/client';
import { longMonth } from '@/format';
import { t } from '@/i18n';

/** 2026 年 10 月汇缴; 部分提取：房租 */
export function entryWords(entry: Entry): string {
  const kind = t(`kind.${entry.kind}`);
  if (entry.kind === '71') return t(entry.amount.startsWith('-') ? 'ledger.mergedOut' : 'ledger.mergedIn');
  if (entry.for_month) return t('ledger.forMonth', { month: longMonth(entry.for_month), kind });
  if (entry.reason) return t('ledger.because', { kind, reason: t(`reason.${entry.reason}`) });
  return kind;
}
