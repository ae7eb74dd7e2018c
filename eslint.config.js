// Checks for the pages (web) and for the tests that Node runs (tests, tools). Layout is eslint's
// business too: "make fmt" lets it mend what it can.

import js from '@eslint/js';
import globals from 'globals';
import ts from 'typescript-eslint';
import vue from 'eslint-plugin-vue';

export default ts.config(
  { ignores: ['build/', 'home/', 'node_modules/', '**/*.d.ts'] },
  js.configs.recommended,
  ts.configs.recommended,
  vue.configs['flat/recommended'],
  {
    files: ['web/**'],
    languageOptions: { globals: globals.browser },
  },
  {
    // TypeScript knows the names itself, types of the platform among them.
    files: ['**/*.ts', '**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { 'no-undef': 'off' },
  },
  {
    // What Playwright hands to the page runs there, hence the browser's names.
    files: ['tests/**', 'tools/**', 'scripts/**', '*.js', 'web/*/*.config.ts'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      // A page that shows markup from data is a hole, whoever wrote the data.
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
);
