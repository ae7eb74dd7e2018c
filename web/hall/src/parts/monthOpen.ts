// A month of contributions laid open, in words.

import type { MonthOpen } from '@/api/client';
import { amount, daysBetween, fen, isZero, list, longDay, money, ratio, yuan } from '@/format';
import { t } from '@/i18n';

/** 1000.500000 → 1,000.50; 1302.235900 → 1,302.2359: as many decimals as say something. */
export function exact(value: string): string {
  const [whole = '', decimals = ''] = value.split('.');
  return `${amount(`${whole}.${decimals.slice(0, 2)}`)}${decimals.slice(2).replace(/0+$/, '')}`;
}

/** Where the base stands between floor and cap. */
export function baseWords(open: MonthOpen): string[] {
  const { base_limits: limits, base_is: is, class: district } = open;
  const base = money(open.month.base);
  if (!limits) return [t('monthOpen.baseUnknown', { base })];
  const own = limits.floors.find((one) => one.class === district);
  const all = list(limits.floors.map((one) => t('monthOpen.floor', { class: one.class, amount: money(one.amount) })));
  const range = own
    ? t('monthOpen.range', { class: own.class, floor: money(own.amount), cap: money(limits.cap), since: longDay(limits.since) })
    : t('monthOpen.rangeAll', { floors: all, cap: money(limits.cap), since: longDay(limits.since) });
  return [t(`monthOpen.base.${is}`, { base }), range, ...(own ? [] : [t('monthOpen.classUnknown')])];
}

/** Whether both ratios are permitted. */
export function ratioWords({ month, ratio_limits: limits, unit_ratio_is: unit, own_ratio_is: own }: MonthOpen): string {
  const said = { unit: ratio(month.unit_ratio), own: ratio(month.own_ratio) };
  if (!limits) return t('monthOpen.ratioUnknown', said);
  const range = { ...said, floor: ratio(limits.floor), cap: ratio(limits.cap) };
  return t(unit === 'within' && own === 'within' ? 'monthOpen.ratioWithin' : 'monthOpen.ratioOutside', range);
}

/** base × ratio = exact, rounded: the share. */
export function shareWords({ month, shares }: MonthOpen, side: 'unit' | 'own'): string {
  const said = { base: amount(month.base), ratio: ratio(month[`${side}_ratio`]), exact: exact(shares[`${side}_exact`]), share: money(shares[side]) };
  return t(fen(shares[side]) * 10_000 === Number(shares[`${side}_exact`].replace('.', '')) ? 'monthOpen.shareEven' : 'monthOpen.share', said);
}

/** The unit has registered another amount than comes out. */
export function agreedWords({ month, shares }: MonthOpen): string {
  if (isZero(month.unit_due) && isZero(month.own_due)) return '';
  if (month.unit_due === shares.unit && month.own_due === shares.own) return '';
  return t('monthOpen.agreed', { unit: money(month.unit_due), own: money(month.own_due) });
}

/** What came against what was due, each side by itself. */
export function differenceWords({ month }: MonthOpen): string {
  const [unit, own] = [fen(month.unit_credited) - fen(month.unit_due), fen(month.own_credited) - fen(month.own_due)];
  if (unit === 0 && own === 0) return t('monthOpen.differenceNone');
  const side = (name: 'unit' | 'own', difference: number) =>
    difference === 0 ? '' : t(`monthOpen.${name}${difference < 0 ? 'Less' : 'More'}`, { amount: money(yuan(Math.abs(difference))) });
  return list([side('unit', unit), side('own', own)].filter(Boolean)) + t('stop');
}

/** Why the month is in its state: by which entries, on which day, by which unit. */
export function whyWords({ month, credits, today }: MonthOpen): string {
  const standing = credits.filter((one) => !one.reversed && one.reverses === null);
  const due = longDay(month.due_day);
  const on = month.credited_on ?? today;
  const since = daysBetween(month.due_day, today);
  const late = daysBetween(month.due_day, on);
  const back = standing.filter((one) => one.kind === '02').at(-1);
  switch (month.state) {
    case 'missing':
      return t(credits.length > 0 ? 'monthOpen.why.taken' : 'monthOpen.why.missing', { due, n: since }, since);
    case 'late':
      return t('monthOpen.why.late', { due, day: longDay(on), n: late }, late);
    case 'backpaid':
      return back
        ? t('monthOpen.why.backpaid', { due, day: longDay(back.value_date), unit: back.unit || month.unit })
        : t('monthOpen.why.late', { due, day: longDay(on), n: late }, late);
    default:
      return t(`monthOpen.why.${month.state}`, { due });
  }
}
