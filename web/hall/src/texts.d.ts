// One half of a language's texts, cut when the pages are built (vite.config.ts).
declare module '*.json?first' {
  const texts: Record<string, import('vue-i18n').LocaleMessageValue>;
  export default texts;
}
declare module '*.json?rest' {
  const texts: Record<string, import('vue-i18n').LocaleMessageValue>;
  export default texts;
}
