// Which of one's own accounts a page shows: its position stands in the address, never its number.

import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { get, type Account, type Overview } from '@/api/client';
import { answers } from '@/state/session';

export function useAccounts() {
  const route = useRoute();
  const router = useRouter();
  const all = computed<Account[]>(() => {
    const overview = answers.get('overview') as Overview | undefined;
    return overview ? [overview.account, ...overview.other_accounts] : [];
  });
  const position = computed(() => {
    const asked = Number(route.query.account ?? 1);
    return Number.isInteger(asked) && asked >= 1 && asked <= 8 ? asked : 1;
  });

  /** The page was opened directly, so that nobody has asked yet how many accounts there are. */
  async function ask(): Promise<void> {
    if (answers.has('overview')) return;
    try {
      answers.set('overview', await get('/api/v1/me/overview'));
    } catch {
      // The page stands without the choice.
    }
  }

  /** Changes the address, which is what the page asks by. */
  function choose(changes: Record<string, string | undefined>): void {
    const query = { ...route.query, ...changes };
    void router.replace({ query: Object.fromEntries(Object.entries(query).filter(([, value]) => value)) });
  }

  return { all, position, ask, choose };
}
