import { watch } from 'vue';
import { createI18n } from 'vue-i18n';
import { language, type Language } from '@/state/preferences';
import zh from '@/texts/zh.json';

// Chinese comes with the pages, English when it is asked for. Both files have the same keys; a test
// compares them.
export const i18n = createI18n<false>({ legacy: false, locale: 'zh', fallbackLocale: 'zh', messages: { zh } });

export const t = i18n.global.t;

async function speak(wanted: Language): Promise<void> {
  if (wanted === 'en' && !i18n.global.availableLocales.includes('en')) {
    try {
      i18n.global.setLocaleMessage('en', (await import('@/texts/en.json')).default);
    } catch {
      language.value = 'zh'; // Offline, most likely: we go on in the language that is here.
      return;
    }
  }
  if (language.value !== wanted) return;
  i18n.global.locale.value = wanted;
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en';
}

/** The language that was chosen before is there. */
export const ready = speak(language.value);

watch(language, speak);
