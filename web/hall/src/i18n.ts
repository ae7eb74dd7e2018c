import { toRaw, watch } from 'vue';
import { createI18n, type LocaleMessageValue } from 'vue-i18n';
import { language, type Language } from '@/state/preferences';
import zh from '@/texts/zh.json?first';

// Chinese comes with the pages, English when it is asked for; of each, what only some pages say comes
// with the first of these. Both files have the same keys; a test compares them.
type Half = 'first' | 'rest';
const FILES: Record<Language, Partial<Record<Half, () => Promise<{ default: Record<string, LocaleMessageValue> }>>>> = {
  zh: { rest: () => import('@/texts/zh.json?rest') },
  en: { first: () => import('@/texts/en.json?first'), rest: () => import('@/texts/en.json?rest') },
};

export const i18n = createI18n<false>({ legacy: false, locale: 'zh', fallbackLocale: 'zh', messages: { zh } });

export const { t, te } = i18n.global;

/** Asked for by a page that is not part of the shell. */
let rest = false;

async function bring(wanted: Language): Promise<void> {
  const files = FILES[wanted];
  const halves: Half[] = rest ? ['first', 'rest'] : ['first'];
  await Promise.all(
    halves.map(async (half) => {
      const file = files[half];
      if (!file) return;
      const texts = (await file()).default;
      // What comes later is said by pages that come later: it is put in unseen, or everything on the
      // page would be drawn anew.
      const there = toRaw(i18n.global.getLocaleMessage(wanted));
      if (Object.keys(there).length > 0) Object.assign(there, texts);
      else i18n.global.setLocaleMessage(wanted, texts);
      delete files[half];
    }),
  );
}

/** All texts of the language are there. Rejects when they cannot be fetched. */
export function allTexts(): Promise<void> {
  rest = true;
  return bring(language.value);
}

async function speak(wanted: Language): Promise<void> {
  try {
    await bring(wanted);
  } catch {
    language.value = i18n.global.locale.value === 'en' ? 'en' : 'zh'; // Offline, most likely: we go on in the language that is here.
    return;
  }
  if (language.value !== wanted) return;
  i18n.global.locale.value = wanted;
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en';
}

/** The language that was chosen before is there. */
export const ready = speak(language.value);

watch(language, speak);
