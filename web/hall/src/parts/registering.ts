// What went wrong while registering, in words.

import { useI18n } from 'vue-i18n';
import type { Problem } from '@/api/client';
import { dayOf, longDay, timeOf } from '@/format';
import { centre } from '@/state/centre';

export function useSaid(): (problem: Problem) => string {
  const { t } = useI18n();
  const when = (until: string): string =>
    !centre.value || dayOf(until) === centre.value.today ? timeOf(until) : `${longDay(dayOf(until))} ${timeOf(until)}`;

  return (problem) => {
    const { until, triesLeft } = problem.details;
    switch (problem.code) {
      case 'wait':
        return until ? t('register.wrong.wait', { until: when(until) }) : t('register.wrong.waitPlain');
      case 'code-wrong':
        return triesLeft ? t('register.wrong.code-wrong', { n: triesLeft }) : t('register.wrong.code-wrong-none');
      case 'code-expired':
      case 'check-away':
      case 'registration-over':
      case 'already-registered':
      case 'busy':
      case 'our-fault':
      case 'offline':
      case 'slow':
        return t(`register.wrong.${problem.code}`);
      default:
        return t('register.wrong.other');
    }
  };
}
