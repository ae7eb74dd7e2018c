// Amounts of yuan as people type them: digits, with commas or blanks between them if they like.

/** At most this much is asked for. */
export const YUAN_MOST = 100_000_000;

const plain = (typed: string): string => typed.normalize('NFKC').replace(/[\s,，]/g, '');

/** The number, 0 for an empty field, undefined for anything that is no amount. */
export function wholeYuan(typed: string): number | undefined {
  const digits = plain(typed).replace(/\.0{1,2}$/, '');
  if (digits === '') return 0;
  if (!/^\d{1,9}$/.test(digits) || Number(digits) > YUAN_MOST) return undefined;
  return Number(digits);
}

/** With jiao and fen, as the service writes it: "5100.50"; undefined for anything but an amount above zero. */
export function yuanTyped(typed: string): string | undefined {
  const [, whole, cents = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(plain(typed)) ?? [];
  if (whole === undefined || Number(whole) > YUAN_MOST) return undefined;
  const said = `${Number(whole)}.${cents.padEnd(2, '0')}`;
  return /[1-9]/.test(said) ? said : undefined;
}
