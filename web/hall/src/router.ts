import { nextTick, watch, type Component } from 'vue';
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { allTexts } from '@/i18n';
import { registration } from '@/state/registration';
import { challenge, session } from '@/state/session';
import Broken from '@/pages/Broken.vue';
import Code from '@/pages/Code.vue';
import Lost from '@/pages/Lost.vue';
import Overview from '@/pages/Overview.vue';
import SignIn from '@/pages/SignIn.vue';

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

type Page = () => Promise<{ default: Component }>;
const pages: Page[] = [];

/** A page that is fetched when it is asked for; one that cannot be fetched says so in its place. */
function later(page: Page): () => Promise<Component> {
  pages.push(page);
  return () => Promise.all([page(), allTexts()]).then(([file]) => file.default, () => Broken);
}

/** A page of registering; whoever comes without what the pages before it gave begins at the first. */
function step(name: string, component: () => Promise<Component>, may: () => boolean): RouteRecordRaw {
  return {
    path: `/register/${name}`,
    name: `register-${name}`,
    component,
    meta: { title: 'register.title', open: true, door: true },
    beforeEnter: () => (may() ? true : { name: 'register', replace: true }),
  };
}

// The pages on which a visit begins come with the shell, the others when they are asked for. The
// service decides who may see what: a page asks and is sent to the door when nobody is known.
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'overview', component: Overview, meta: { title: 'overview.title' } },
    { path: '/contributions', name: 'contributions', component: later(() => import('@/pages/Contributions.vue')), meta: { title: 'contributions.title' } },
    { path: '/ledger', name: 'ledger', component: later(() => import('@/pages/Ledger.vue')), meta: { title: 'ledger.title' } },
    { path: '/history', name: 'history', component: later(() => import('@/pages/History.vue')), meta: { title: 'history.title', place: 'ledger' } },
    { path: '/withdrawals', name: 'withdrawals', component: later(() => import('@/pages/Withdrawals.vue')), meta: { title: 'withdrawals.title' } },
    { path: '/withdrawals/new', name: 'withdraw', component: later(() => import('@/pages/Withdraw.vue')), meta: { title: 'withdraw.title', place: 'withdrawals' } },
    { path: '/loan', name: 'loan', component: later(() => import('@/pages/Loan.vue')), meta: { title: 'loan.title' } },
    { path: '/interest', name: 'interest', component: later(() => import('@/pages/Interest.vue')), meta: { title: 'interest.title' } },
    { path: '/year', name: 'year', component: later(() => import('@/pages/Year.vue')), meta: { title: 'year.title' } },
    { path: '/borrowing', name: 'borrowing', component: later(() => import('@/pages/Borrowing.vue')), meta: { title: 'borrowing.title' } },
    { path: '/statements', name: 'statements', component: later(() => import('@/pages/Statements.vue')), meta: { title: 'statements.title' } },
    { path: '/messages', name: 'messages', component: later(() => import('@/pages/Messages.vue')), meta: { title: 'messages.title' } },
    { path: '/enquiries', name: 'enquiries', component: later(() => import('@/pages/Enquiries.vue')), meta: { title: 'enquiries.title' } },
    { path: '/enquiries/new', name: 'enquiry-new', component: later(() => import('@/pages/EnquiryNew.vue')), meta: { title: 'enquiries.newTitle', place: 'enquiries' } },
    { path: '/enquiries/:seq(\\d{1,15})', name: 'enquiry', component: later(() => import('@/pages/Enquiry.vue')), meta: { title: 'enquiries.one', place: 'enquiries' } },
    { path: '/security', name: 'security', component: later(() => import('@/pages/Security.vue')), meta: { title: 'security.title' } },
    { path: '/looks', name: 'looks', component: later(() => import('@/pages/Looks.vue')), meta: { title: 'looks.title' } },
    { path: '/help', name: 'help', component: later(() => import('@/pages/Help.vue')), meta: { title: 'help.title', open: true } },
    { path: '/register', name: 'register', component: later(() => import('@/pages/register/Begin.vue')), meta: { title: 'register.title', open: true, door: true } },
    step('who', later(() => import('@/pages/register/Who.vue')), () => true),
    step('card', later(() => import('@/pages/register/Card.vue')), () => registration.form.id_number !== ''),
    step('code', later(() => import('@/pages/register/Code.vue')), () => registration.started !== undefined),
    step('outcome', later(() => import('@/pages/register/Outcome.vue')), () => registration.outcome !== undefined),
    step('password', later(() => import('@/pages/register/Password.vue')), () => registration.outcome !== undefined && registration.outcome !== 'refused' && registration.outcome.outcome === 'ready'),
    step('done', later(() => import('@/pages/register/Done.vue')), () => registration.done),
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

// Once somebody is in and has had time to read the first page, the other pages are fetched in quiet moments,
// so that going to one takes no longer than its answer, also when the network is gone by then. A slow phone
// needs its time for the finger until then: making ready what came takes it as long as drawing the page.
const READING_MS = 8000;
const quiet = (): Promise<unknown> => new Promise((go) => ('requestIdleCallback' in window ? requestIdleCallback(go, { timeout: 5000 }) : setTimeout(go, 100)));
const stop = watch(session, async (now) => {
  if (now !== 'in') return;
  stop();
  await new Promise((go) => setTimeout(go, READING_MS));
  // One by one: a slow phone has moments for its owner in between.
  for (const part of [allTexts, ...pages]) {
    await quiet();
    await part().catch(() => {});
  }
});

// Who listens or works by keyboard starts each new page at its heading. The first page of a visit
// starts where the browser starts.
router.afterEach(async (to, from) => {
  if (from.matched.length === 0 || to.path === from.path) return;
  await nextTick();
  document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
});
