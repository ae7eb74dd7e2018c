// The places of the hall, for the bar at the top and the one at the bottom.

import { Bell, BookOpenText, Calculator, CalendarCheck, ChartNoAxesColumn, CircleQuestionMark, Eye, FileDown, HandCoins, House, Landmark, MessageCircleQuestionMark, Percent, ShieldCheck } from '@lucide/vue';

/**
 * `bar` says where a place stands for itself: everywhere, only in the bar of a wide window, or in
 * none. What does not is behind the button 更多, in the order here; `part` says after which of them a
 * line is drawn.
 */
export const places = [
  { name: 'overview', icon: House, bar: 'every', part: 'account' },
  { name: 'contributions', icon: CalendarCheck, bar: 'every', part: 'account' },
  { name: 'ledger', icon: BookOpenText, bar: 'every', part: 'account' },
  { name: 'interest', icon: Percent, bar: 'every', part: 'account' },
  { name: 'withdrawals', icon: HandCoins, bar: 'wide', part: 'money' },
  { name: 'loan', icon: Landmark, bar: 'wide', part: 'money' },
  { name: 'borrowing', icon: Calculator, bar: 'none', part: 'money' },
  { name: 'year', icon: ChartNoAxesColumn, bar: 'none', part: 'papers' },
  { name: 'statements', icon: FileDown, bar: 'none', part: 'papers' },
  { name: 'messages', icon: Bell, bar: 'none', part: 'papers' },
  { name: 'enquiries', icon: MessageCircleQuestionMark, bar: 'none', part: 'papers' },
  { name: 'security', icon: ShieldCheck, bar: 'none', part: 'safety' },
  { name: 'looks', icon: Eye, bar: 'none', part: 'safety' },
  { name: 'help', icon: CircleQuestionMark, bar: 'none', part: 'help' },
] as const;

export type Place = (typeof places)[number];
