// What a person likes to see: the only thing that is kept in the browser, and nothing personal.

import { ref, watch } from 'vue';

export type Language = 'zh' | 'en';
export type Theme = 'auto' | 'light' | 'dark';

const THEMES = { light: 'spring-city', dark: 'lake-night' } as const;

function kept<T extends string>(name: string, allowed: readonly T[], otherwise: T) {
  let before: string | null = null;
  try {
    before = localStorage.getItem(name);
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
  const choice = ref(allowed.find((value) => value === before) ?? otherwise);
  watch(choice, (value) => {
    try {
      if (value === otherwise) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch {
      // As above.
    }
  });
  return choice;
}

// Chinese is the first language; a browser whose owner reads English and no Chinese begins in English.
const tongues = navigator.languages.map((tag) => tag.toLowerCase().split('-')[0]);
const first: Language = tongues.includes('en') && !tongues.includes('zh') ? 'en' : 'zh';

export const language = kept<Language>('language', ['zh', 'en'], first);
/** Large mode (长者模式): the width that a page has for its text is a phone's, whatever the window. */
export const large = kept<'off' | 'on'>('large', ['off', 'on'], 'off');
export const theme = kept<Theme>('theme', ['auto', 'light', 'dark'], 'auto');

watch(
  theme,
  (value) => {
    if (value === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = THEMES[value];
  },
  { immediate: true },
);

watch(
  large,
  (value) => {
    if (value === 'on') document.documentElement.dataset.large = '';
    else delete document.documentElement.dataset.large;
  },
  { immediate: true },
);
