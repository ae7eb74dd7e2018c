import { baseCompile } from '@intlify/message-compiler';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

// A message with a placeholder or a plural becomes a tree here, while the pages are built, so that
// no compiler travels to the browser. A text without either stays as it is.
function compiled(value: unknown, path: string): unknown {
  if (typeof value !== 'string') {
    return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, compiled(inner, `${path}.${key}`)]));
  }
  if (!/[{|@]/.test(value)) return value;
  const options = { jit: true, location: false, minify: true, mangle: true };
  return baseCompile(value, {
    ...options,
    onError(error) {
      throw new Error(`${path}: ${error.message}`);
    },
  }).ast;
}

// What no page of the shell says travels with the first page that says it. A test holds the shell to it.
const REST = ['help', 'register', 'borrowing', 'prepay', 'enquiries', 'monthOpen', 'interest', 'security', 'looks', 'statements', 'withdrawals', 'year'];

/** texts/zh.json?first or ?rest: one half of a language's texts. */
function half(all: object, which: string | undefined): object {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !which || REST.includes(key) === (which === 'rest')));
}

const texts: Plugin = {
  name: 'texts',
  enforce: 'pre',
  transform(source, id) {
    const file = /\/src\/texts\/(\w+)\.json(?:\?(first|rest))?$/.exec(id);
    return file ? { code: JSON.stringify(compiled(half(JSON.parse(source), file[2]), file[1] ?? '')), map: null } : undefined;
  },
};

export default defineConfig({
  plugins: [texts, vue(), tailwindcss()],
  resolve: {
    alias: {
      '@': decodeURIComponent(new URL('src', import.meta.url).pathname),
      // The one without the message compiler.
      'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.mjs',
    },
  },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: true,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    // The policy of the page allows no data: addresses except for pictures, and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rollupOptions: {
      output: {
        // What changes only with a package keeps its name, and stays in people's caches.
        // The chart library is apart: it comes with the first chart that is looked at.
        manualChunks: (id) => (/\/node_modules\/(echarts|zrender|tslib)\//.test(id) ? 'charts' : id.includes('/node_modules/') ? 'vendor' : undefined),
      },
    },
  },
});
