// The places of the hall, for the bar at the top and the one at the bottom.

import { BookOpenText, CalendarCheck, CircleQuestionMark, Eye, HandCoins, House, Landmark, Percent } from '@lucide/vue';

/** On a phone the ones with `more` are behind a button of that name. */
export const places = [
  { name: 'overview', icon: House, more: false },
  { name: 'contributions', icon: CalendarCheck, more: false },
  { name: 'ledger', icon: BookOpenText, more: false },
  { name: 'interest', icon: Percent, more: false },
  { name: 'withdrawals', icon: HandCoins, more: true },
  { name: 'loan', icon: Landmark, more: true },
  { name: 'looks', icon: Eye, more: true },
  { name: 'help', icon: CircleQuestionMark, more: true },
] as const;
