// The months of contributions as years of twelve.

import type { MonthState, Strip } from '@/api/client';
import { t } from '@/i18n';
import { list } from '@/format';
import { language } from '@/state/preferences';

export type Cell = MonthState | 'none';
export interface StripYear {
  year: string;
  cells: { month: string; state: Cell }[];
}

/** Years oldest first. */
export function years(strip: Strip): StripYear[] {
  const states = new Map(strip.months.map((one) => [one.month, one.state]));
  const known = [...states.keys()].sort();
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return [];
  const all: StripYear[] = [];
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)); year++) {
    const cells = Array.from({ length: 12 }, (_, index) => {
      const month = `${year}-${String(index + 1).padStart(2, '0')}`;
      return { month, state: states.get(month) ?? ('none' as const) };
    });
    all.push({ year: String(year), cells });
  }
  // Three full years and one month: the month alone would say nothing, unless something was amiss.
  const [oldest] = all;
  const plain = oldest?.cells.every((cell) => cell.state === 'none' || cell.state === 'full');
  return all.length > 3 && plain ? all.slice(1) : all;
}

/** The states that occur, in the order of the legend. */
export const ORDER: MonthState[] = ['full', 'late', 'backpaid', 'short', 'missing', 'awaited', 'sealed', 'extra'];
export const occurring = ({ months }: Pick<Strip, 'months'>): MonthState[] => ORDER.filter((state) => months.some((one) => one.state === state));

/** Months in words: "9 个月足额，不足额 3 月，漏缴 9 月". */
export function cellsInWords(cells: StripYear['cells']): string {
  const said = ORDER.flatMap((state) => {
    const months = cells.filter((cell) => cell.state === state).map((cell) => Number(cell.month.slice(5)));
    if (months.length === 0) return [];
    if (months.length > 3) return [t('contributions.stripCount', { state: t(`month.${state}`), n: months.length }, months.length)];
    const named = list(months.map((month) => (language.value === 'zh' ? `${month} 月` : t(`months.${month}`))));
    return [t('contributions.stripState', { state: t(`month.${state}`), months: named })];
  });
  return said.join(language.value === 'zh' ? '，' : '; ') || t('contributions.stripNothing');
}

export const inWords = ({ year, cells }: StripYear): string => t('contributions.stripYear', { year, words: cellsInWords(cells) });
