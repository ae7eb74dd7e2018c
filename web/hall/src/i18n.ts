import { watch } from 'vue';
import { createI18n } from 'vue-i18n';
import { language } from '@/state/preferences';
import en from '@/texts/en.json';
import zh from '@/texts/zh.json';

// Both files have the same keys; a test compares them.
export const i18n = createI18n<[typeof zh], 'zh' | 'en', false>({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh',
  messages: { zh, en },
});

export const t = i18n.global.t;

watch(
  language,
  (value) => {
    i18n.global.locale.value = value;
    document.documentElement.lang = value === 'zh' ? 'zh-CN' : 'en';
  },
  { immediate: true },
);
