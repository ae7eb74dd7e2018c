// Whole yuan as people type them: digits, with commas or blanks between them if they like.

/** At most this much is asked for. */
export const YUAN_MOST = 100_000_000;

/** The number, 0 for an empty field, undefined for anything that is no amount. */
export function wholeYuan(typed: string): number | undefined {
  const digits = typed.normalize('NFKC').replace(/[\s,，]/g, '').replace(/\.0{1,2}$/, '');
  if (digits === '') return 0;
  if (!/^\d{1,9}$/.test(digits) || Number(digits) > YUAN_MOST) return undefined;
  return Number(digits);
}
