// What there is to say about a month of contributions.

import type { ContributionMonth } from '@/api/client';
import { amount, fen, isZero, money, shortDay, sum, yuan } from '@/format';
import { t } from '@/i18n';

export interface Remark {
  /** The state in one word, where it is not simply in order. */
  label?: string;
  tone: 'alarm' | 'warning' | 'plain';
  words: string[];
}

export const due = (month: ContributionMonth): string => sum(month.unit_due, month.own_due);
export const credited = (month: ContributionMonth): string => sum(month.unit_credited, month.own_credited);

const TONES = { missing: 'alarm', short: 'warning' } as const;

/** `before` is the month before this one, when it is known. */
export function remark(month: ContributionMonth, before: ContributionMonth | undefined, today: string): Remark {
  const words = [ofState(month, today)];
  if (month.base_before) words.push(t('contributions.baseChanged', { before: amount(month.base_before) }));
  if (before && before.unit !== month.unit) words.push(t('contributions.unitChanged', { unit: month.unit }));
  return {
    label: month.state === 'full' ? undefined : t(`month.${month.state}`),
    tone: TONES[month.state as keyof typeof TONES] ?? 'plain',
    words: words.filter(Boolean),
  };
}

function ofState(month: ContributionMonth, today: string): string {
  const day = shortDay(month.due_day, today);
  switch (month.state) {
    case 'missing':
      return t('contributions.due', { amount: money(due(month)) });
    case 'short':
      return less(month);
    case 'awaited':
      return t('contributions.notDue', { day });
    case 'late':
    case 'backpaid':
      return t('contributions.wasDue', { day });
    case 'sealed':
    case 'extra':
      return t(`monthMeans.${month.state}`);
    default:
      return '';
  }
}

function less(month: ContributionMonth): string {
  const unit = yuan(Math.max(0, fen(month.unit_due) - fen(month.unit_credited)));
  const own = yuan(Math.max(0, fen(month.own_due) - fen(month.own_credited)));
  if (isZero(own)) return t('contributions.unitLess', { amount: money(unit) });
  if (isZero(unit)) return t('contributions.ownLess', { amount: money(own) });
  return t('contributions.bothLess', { unit: money(unit), own: money(own) });
}
