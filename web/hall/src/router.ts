import { nextTick } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import { challenge } from '@/state/session';
import Code from '@/pages/Code.vue';
import Contributions from '@/pages/Contributions.vue';
import Help from '@/pages/Help.vue';
import Interest from '@/pages/Interest.vue';
import Ledger from '@/pages/Ledger.vue';
import Loan from '@/pages/Loan.vue';
import Looks from '@/pages/Looks.vue';
import Lost from '@/pages/Lost.vue';
import Overview from '@/pages/Overview.vue';
import SignIn from '@/pages/SignIn.vue';
import Withdrawals from '@/pages/Withdrawals.vue';

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's name in the texts. */
    title: string;
    /** Can be seen without signing in. */
    open?: true;
    /** One of the two steps of signing in. */
    door?: true;
    /** The place in the bars that a page belongs to, when it has none of its own. */
    place?: string;
  }
}

// The service decides who may see what: a page asks and is sent to the door when nobody is known.
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'overview', component: Overview, meta: { title: 'overview.title' } },
    { path: '/contributions', name: 'contributions', component: Contributions, meta: { title: 'contributions.title' } },
    { path: '/ledger', name: 'ledger', component: Ledger, meta: { title: 'ledger.title' } },
    { path: '/withdrawals', name: 'withdrawals', component: Withdrawals, meta: { title: 'withdrawals.title' } },
    { path: '/loan', name: 'loan', component: Loan, meta: { title: 'loan.title' } },
    { path: '/interest', name: 'interest', component: Interest, meta: { title: 'interest.title' } },
    { path: '/messages', name: 'messages', component: () => import('@/pages/Messages.vue'), meta: { title: 'messages.title' } },
    { path: '/enquiries', name: 'enquiries', component: () => import('@/pages/Enquiries.vue'), meta: { title: 'enquiries.title' } },
    { path: '/enquiries/new', name: 'enquiry-new', component: () => import('@/pages/EnquiryNew.vue'), meta: { title: 'enquiries.newTitle', place: 'enquiries' } },
    { path: '/enquiries/:seq(\\d{1,15})', name: 'enquiry', component: () => import('@/pages/Enquiry.vue'), meta: { title: 'enquiries.one', place: 'enquiries' } },
    { path: '/looks', name: 'looks', component: Looks, meta: { title: 'looks.title' } },
    { path: '/help', name: 'help', component: Help, meta: { title: 'help.title', open: true } },
    { path: '/sign-in', name: 'sign-in', component: SignIn, meta: { title: 'signIn.title', open: true, door: true } },
    {
      path: '/sign-in/code',
      name: 'code',
      component: Code,
      meta: { title: 'code.title', open: true, door: true },
      beforeEnter: () => (challenge.value ? true : { name: 'sign-in', replace: true }),
    },
    { path: '/:rest(.*)*', name: 'lost', component: Lost, meta: { title: 'lost.title', open: true } },
  ],
  scrollBehavior: (to, from, before) => before ?? (to.hash ? { el: to.hash } : to.path === from.path ? false : { top: 0 }),
});

// Who listens or works by keyboard starts each new page at its heading. The first page of a visit
// starts where the browser starts.
router.afterEach(async (to, from) => {
  if (from.matched.length === 0 || to.path === from.path) return;
  await nextTick();
  document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
});
