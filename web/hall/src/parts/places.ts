// The places of the hall, for the bar at the top and the one at the bottom.

import { BookOpenText, CalendarCheck, CircleQuestionMark, Eye, House } from '@lucide/vue';

export const places = [
  { name: 'overview', icon: House },
  { name: 'contributions', icon: CalendarCheck },
  { name: 'ledger', icon: BookOpenText },
  { name: 'looks', icon: Eye },
  { name: 'help', icon: CircleQuestionMark },
] as const;
