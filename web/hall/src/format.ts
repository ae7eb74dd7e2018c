// How money, dates and ratios are written. Amounts and dates arrive as text and stay text: no
// floating point touches an amount, no time zone a date.

import { t } from '@/i18n';
import { language } from '@/state/preferences';

/** 1234567.8 yuan as the contract writes it → "1,234,567.80"; the sign is a true minus. */
export function amount(yuan: string): string {
  const [, minus, whole = '', cents] = /^(-?)(\d+)\.(\d\d)$/.exec(yuan) ?? [];
  return `${minus ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

/** With the sign in front, for what comes in and goes out. */
export function signed(yuan: string): string {
  return yuan.startsWith('-') || isZero(yuan) ? amount(yuan) : `+${amount(yuan)}`;
}

/** With the unit. */
export function money(yuan: string): string {
  return t('money', { amount: amount(yuan) });
}

/** Fen, exact up to 90 million million yuan. */
export function fen(yuan: string): number {
  return Number(yuan.replace('.', ''));
}

export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export const sum = (...amounts: string[]): string => yuan(amounts.reduce((all, one) => all + fen(one), 0));
export const isZero = (yuan: string): boolean => fen(yuan) === 0;

/** 5.00 → "5%", 2.6000 → "2.60%": ratios without needless noughts, rates with two decimals. */
export const ratio = (percent: string): string => `${percent.replace(/\.?0+$/, '')}%`;
export const rate = (percent: string): string => `${percent.replace(/(\.\d\d)0+$/, '$1')}%`;

const parts = (date: string) => {
  const [year = '', month = '', day = ''] = date.split('-');
  return { year, month: Number(month), day: Number(day), name: month ? t(`months.${Number(month)}`) : '' };
};

/** 2026 年 11 月 23 日, 23 November 2026 */
export const longDay = (day: string): string => t('date.day', parts(day));
/** 2026 年 11 月, November 2026 */
export const longMonth = (month: string): string => t('date.month', parts(month));
/** 2026 年 11 月, Nov 2026: in a line that has little room */
export const lineMonth = (month: string): string => t('date.monthLine', { ...parts(month), name: t(`months.${Number(month.slice(5))}`).slice(0, 3) });
/** 11 月, November; with its year when it is not today's */
export const nearMonth = (month: string, today: string): string =>
  sameYear(month, today) ? t('date.monthAlone', parts(month)) : longMonth(month);

/** As it stands in a table: 11-23 or 23 Nov, with the year when it is not today's. */
export function shortDay(day: string, today = ''): string {
  return sameYear(day, today) ? t('date.short', shortParts(day)) : t('date.shortYear', shortParts(day));
}

function shortParts(day: string) {
  const { year, month, day: number } = parts(day);
  return { year, mm: day.slice(5, 7), dd: day.slice(8, 10), day: number, name: t(`months.${month}`).slice(0, 3) };
}

/** 2026-09, or Sep 2026 */
export const shortMonth = (month: string): string =>
  t('date.monthShort', { mm: month, name: t(`months.${Number(month.slice(5))}`).slice(0, 3), year: month.slice(0, 4) });

const sameYear = (a: string, b: string): boolean => a.slice(0, 4) === b.slice(0, 4);

/** An instant arrives in the city's own zone: its day and its time can be read off. */
export const dayOf = (instant: string): string => instant.slice(0, 10);
export const timeOf = (instant: string): string => instant.slice(11, 16);

/** 九月、十月; September and October */
export function list(words: string[]): string {
  if (language.value === 'zh') return words.join('、');
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** The days from one civil date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86_400_000);
}
