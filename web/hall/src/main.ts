import { createApp } from 'vue';
import App from '@/App.vue';
import { whenSessionLost } from '@/api/client';
import { i18n, ready } from '@/i18n';
import { router } from '@/router';
import { askCentre } from '@/state/centre';
import { challenge, farewell, forget, returnTo, session, whenSignedOutElsewhere } from '@/state/session';
import '@/style.css';

// Asked at once, beside the texts and before the pages.
void askCentre();

// The session is over, or there never was one: to the door, and back here afterwards.
whenSessionLost((code) => {
  const { fullPath, meta } = router.currentRoute.value;
  if (meta.door) return;
  if (!meta.open) returnTo.value = fullPath;
  farewell.value = code === 'session-ended' || session.value === 'in' ? 'ended' : undefined;
  forget();
  void router.replace({ name: 'sign-in' });
});

whenSignedOutElsewhere(() => {
  if (session.value !== 'in') return;
  returnTo.value = '/';
  farewell.value = 'signed-out';
  forget();
  void router.replace({ name: 'sign-in' });
});

// A page that the browser had put aside whole comes back with what it showed then, perhaps after
// its owner signed out: start anew.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

router.afterEach((to) => {
  if (!to.meta.door) challenge.value = undefined;
});

void ready.then(() => createApp(App).use(i18n).use(router).mount('#hall'));
