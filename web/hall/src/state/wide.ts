// How much room the window has, where only one of two forms of the same thing is made.

import { ref, type Ref } from 'vue';

function matches(media: string): Ref<boolean> {
  const query = matchMedia(media);
  const now = ref(query.matches);
  query.addEventListener('change', () => (now.value = query.matches));
  return now;
}

/** For tables rather than lists; the styles' sm. */
export const roomy = matches('(min-width: 40rem)');
/** For the bar at the top rather than the one below; the styles' md. */
export const wide = matches('(min-width: 48rem)');
