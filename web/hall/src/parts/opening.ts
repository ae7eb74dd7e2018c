// A small window that hangs on a button: it closes by Escape, by a step elsewhere and with the page.

import { onBeforeUnmount, ref, useTemplateRef, watch } from 'vue';
import { useRoute } from 'vue-router';

/** The component gives its outer element ref="box" and the button ref="opener". */
export function useOpening() {
  const route = useRoute();
  const open = ref(false);
  const box = useTemplateRef<HTMLElement>('box');
  const opener = useTemplateRef<HTMLButtonElement>('opener');

  function outside(event: Event): void {
    if (!box.value?.contains(event.target as Node)) open.value = false;
  }
  watch(open, (now) => {
    for (const what of ['pointerdown', 'focusin']) {
      if (now) document.addEventListener(what, outside);
      else document.removeEventListener(what, outside);
    }
  });
  watch(() => route.path, () => (open.value = false));
  onBeforeUnmount(() => (open.value = false));

  function escape(): void {
    if (!open.value) return;
    open.value = false;
    opener.value?.focus();
  }
  return { open, escape };
}
