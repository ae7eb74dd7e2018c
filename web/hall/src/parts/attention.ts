// What a person should know before anything else: loan overdue, money frozen, months missing, and
// why an account rests. Each with a title, what it means, and what to do.

import type { Account, MonthState, Overview } from '@/api/client';
import { dayOf, fen, isZero, list, longDay, money, nearMonth, sum, timeOf } from '@/format';
import { t } from '@/i18n';
import { hotline } from '@/parts/words';

export interface Notice {
  key: string;
  /** alarm: look here; calm: so that nobody wonders. */
  tone: 'alarm' | 'calm';
  title: string;
  lines: string[];
  /** The handler's name and number belong here. */
  ask?: true;
  /** The state of the account can be asked about. */
  why?: true;
  /** There is more on the page of contributions. */
  months?: true;
}

const NAMED = 6;

export const isClosed = (account: Account): boolean => ['03', '04', '05'].includes(account.state);

export function notices(o: Overview): Notice[] {
  return [...overdue(o), ...stopped(o), ...frozen(o), ...gaps(o), ...resting(o)];
}

function overdue({ loans }: Overview): Notice[] {
  return loans
    .filter((loan) => loan.overdue_periods > 0 || !isZero(sum(loan.overdue_principal, loan.overdue_interest)))
    .map((loan, index) => {
      const said = { principal: money(loan.overdue_principal), interest: money(loan.overdue_interest), bank: loan.bank };
      return {
        key: `overdue-${index}`,
        tone: 'alarm',
        title: t('attention.overdueTitle', { n: loan.overdue_periods }, loan.overdue_periods),
        lines: [t(loan.bank ? 'attention.overdue' : 'attention.overdueNoBank', said)],
      };
    });
}

function stopped({ account, balance: { own_freeze_since: since } }: Overview): Notice[] {
  if (!since) return [];
  const said = { day: longDay(dayOf(since)), time: timeOf(since), office: account.office };
  return [{ key: 'stopped', tone: 'alarm', why: true, title: t('attention.stoppedTitle'), lines: [t('attention.stopped', said)] }];
}

function frozen({ account, balance }: Overview): Notice[] {
  if (isZero(balance.frozen) && account.state !== '06') return [];
  const title = isZero(balance.frozen) ? t('attention.frozenWholeTitle') : t('attention.frozenTitle', { amount: money(balance.frozen) });
  const { frozen_by: by, frozen_since: since } = balance;
  const line =
    by && since
      ? t('attention.frozen', { by, day: longDay(since) })
      : t('attention.frozenPlain', { hotline: hotline(), office: account.office });
  return [{ key: 'frozen', tone: 'alarm', why: true, title, lines: [line] }];
}

function gaps({ contributions, today, handler }: Overview): Notice[] {
  const of = (state: MonthState) => contributions.gaps.filter((gap) => gap.state === state);
  const [missing, short] = [of('missing'), of('short')];
  if (missing.length + short.length === 0) return [];
  const named = (months: typeof missing) => {
    const words = list(months.slice(0, NAMED).map((gap) => nearMonth(gap.month, today)));
    return months.length > NAMED ? t('attention.andMore', { months: words }) : words;
  };
  const lines: string[] = [];
  let title = '';
  if (missing.length === 1) title = t('attention.missingTitle', { month: nearMonth(missing[0]!.month, today) });
  if (missing.length > 1) {
    title = t('attention.missingManyTitle', { n: missing.length });
    lines.push(t('attention.missingMany', { months: named(missing) }));
  }
  const less = money(sum(...short.map((gap) => gap.shortfall)));
  if (!title && short.length === 1) title = t('attention.shortTitle', { month: nearMonth(short[0]!.month, today), amount: less });
  else if (short.length === 1) lines.push(t('attention.shortToo', { month: nearMonth(short[0]!.month, today), amount: less }));
  else if (short.length > 1) {
    title ||= t('attention.shortManyTitle', { n: short.length });
    lines.push(t('attention.shortMany', { months: named(short), amount: less }));
  }
  if (!handler.phone) lines.push(t('attention.askUnit', { hotline: hotline() }));
  return [{ key: 'gaps', tone: 'alarm', title, lines, ...(handler.phone && { ask: true }), months: true }];
}

function resting({ account, contributions, handler, recent }: Overview): Notice[] {
  const day = account.closed ? longDay(account.closed) : '';
  if (isClosed(account)) return [closed(account, day)];
  if (account.state === '02') return [{ key: 'sealed', tone: 'calm', why: true, title: t('attention.sealedTitle'), lines: [t('attention.sealed')] }];
  const isNew = contributions.last === null && !recent.some((entry) => fen(entry.amount) !== 0);
  if (!isNew || contributions.gaps.length > 0) return [];
  return [{ key: 'new', tone: 'calm', why: true, title: t('attention.newTitle'), lines: [t('attention.new')], ...(handler.phone && { ask: true }) }];
}

function closed(account: Account, day: string): Notice {
  const title = t(`attention.closedTitle.${account.state}`);
  const line =
    account.state === '03' && account.merged_into
      ? t('attention.closedMerged', { day, number: account.merged_into })
      : account.state === '04'
        ? t('attention.closedOut', { day })
        : account.close_reason
          ? t('attention.closedPaid', { day, reason: t(`reason.${account.close_reason}`) })
          : t('attention.closedPlain', { day });
  return { key: 'closed', tone: 'calm', why: true, title, lines: [line] };
}
