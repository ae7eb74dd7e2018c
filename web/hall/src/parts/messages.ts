// A message in words: what it is about, its facts in one order (direction, cause, month, amount,
// balance after), and where to read on.

import {
  ArrowDownToLine, ArrowUpFromLine, BadgeAlert, BadgePercent, CalendarClock, CalendarX, CircleOff, FileText, KeyRound, LockKeyhole, LockKeyholeOpen,
  MessageCircleReply, MonitorSmartphone, Percent, Undo2, UserRoundCheck,
} from '@lucide/vue';
import type { Component } from 'vue';
import type { RouteLocationRaw } from 'vue-router';
import type { Message } from '@/api/client';
import { longDay, longMonth, money, rate } from '@/format';
import { t } from '@/i18n';

export interface Said {
  icon: Component;
  title: string;
  facts: string[];
  alarm: boolean;
  to: RouteLocationRaw;
}

const ICONS: Record<Message['kind'], Component> = {
  contribution: ArrowDownToLine, missing: CalendarX, short: CircleOff, interest: Percent, money: ArrowUpFromLine, correction: Undo2, application: FileText,
  loan_due: CalendarClock, loan_overdue: BadgeAlert, loan_repriced: BadgePercent, sign_in: MonitorSmartphone, answer: MessageCircleReply, stop: LockKeyhole,
  lift: LockKeyholeOpen, new_password: KeyRound, registered: UserRoundCheck,
};
/** What an amount is that neither came nor went. */
const AMOUNTS: Partial<Record<Message['kind'], string>> = { missing: 'wanted', short: 'wanting', loan_repriced: 'each' };
const ALARMS: Message['kind'][] = ['missing', 'short', 'loan_overdue', 'sign_in', 'stop'];

function placeOf(message: Message): RouteLocationRaw {
  switch (message.kind) {
    case 'contribution':
    case 'money':
    case 'correction':
      return { name: 'ledger', query: { year: message.day.slice(0, 4) } };
    case 'missing':
    case 'short':
      return { name: 'contributions', query: { year: message.month?.slice(0, 4) } };
    case 'interest':
      return { name: 'interest', query: { year: message.day.slice(0, 4) } };
    case 'application':
      return { name: 'withdrawals' };
    case 'loan_due':
    case 'loan_overdue':
    case 'loan_repriced':
      return { name: 'loan', query: { loan: message.number && message.number > 1 ? message.number : undefined } };
    case 'answer':
      return { name: 'enquiry', params: { seq: message.ref } };
    default:
      return { name: 'security' };
  }
}

function titleOf(message: Message): string {
  const { kind, month, cause, direction, step, count, due } = message;
  const said = { month: month ? longMonth(month) : '', day: due ? longDay(due) : '', n: count ?? 0 };
  switch (kind) {
    case 'money':
      return cause === '71' ? t(direction === 'out' ? 'ledger.mergedOut' : 'ledger.mergedIn') : t(`kind.${cause}`);
    case 'contribution':
      return t('messages.contribution', { ...said, kind: t(`kind.${cause}`) });
    case 'correction':
      return t('messages.correction', { kind: t(`kind.${cause}`) });
    case 'application':
      return t('messages.application', { reason: t(`reason.${cause}`), step: t(`withdrawals.step.${step}`) });
    case 'loan_overdue':
      return t('messages.loan_overdue', said, said.n);
    case 'sign_in':
      return t('messages.sign_in', { place: message.ref === 'phone' ? t('looks.place.phone') : t('looks.place.desktop') });
    default:
      return t(`messages.${kind}`, said);
  }
}

export function say(message: Message): Said {
  const { amount, balance, direction, kind } = message;
  const facts: string[] = [];
  if (amount) {
    if (direction !== 'none') facts.push(t(`messages.${direction}`, { amount: money(amount) }));
    else facts.push(t(`messages.${AMOUNTS[kind] ?? 'amount'}`, { amount: money(amount) }));
  }
  if (balance) facts.push(t('messages.balance', { amount: money(balance) }));
  if (message.rate) facts.push(t('messages.rate', { rate: rate(message.rate) }));
  if (kind === 'application') facts.push(t('withdrawals.number', { number: message.ref }));
  if (kind === 'sign_in' || kind === 'stop' || kind === 'new_password' || kind === 'registered') facts.push(t(`messages.${kind}What`));
  const icon = kind === 'money' && direction === 'in' ? ArrowDownToLine : ICONS[kind];
  return { icon, title: titleOf(message), facts, alarm: ALARMS.includes(kind), to: placeOf(message) };
}
