// The two text files say the same things, and the built pages are what the service's policy allows.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../', import.meta.url));
const built = join(process.env.ANJU_BUILD ?? join(root, 'build'), 'web/hall');
const texts = (language) => JSON.parse(readFileSync(join(root, `web/hall/src/texts/${language}.json`), 'utf8'));

function flat(value, path = '') {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
}

const names = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]))].sort();

test('both languages have the same texts, none of them empty', () => {
  const [zh, en] = [flat(texts('zh')), flat(texts('en'))];
  assert.deepEqual(zh.map(([key]) => key).sort(), en.map(([key]) => key).sort());
  for (const [key, text] of [...zh, ...en]) assert.notEqual(text.trim(), '', key);
});

test('a placeholder that one language fills is one that the code gives', () => {
  // Dates name their parts differently; everything else fills in the same.
  const en = new Map(flat(texts('en')));
  for (const [key, text] of flat(texts('zh'))) {
    if (!key.startsWith('date.')) assert.deepEqual(names(en.get(key)), names(text), key);
  }
});

test('no Chinese stands in the English texts, and every text is asked for somewhere', () => {
  for (const [key, text] of flat(texts('en'))) assert.doesNotMatch(text, /\p{Script=Han}/u, key);
  const folder = join(root, 'web/hall/src');
  const source = readdirSync(folder, { recursive: true })
    .filter((name) => /\.(vue|ts)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const asked = (key) => {
    if (source.includes(`'${key}'`)) return true;
    // Some keys end in a code or a name that the data brings: t(`state.${account.state}`).
    for (let at = key.lastIndexOf('.'); at > 0; at = key.lastIndexOf('.', at - 1)) {
      if (source.includes(`\`${key.slice(0, at)}.$`)) return true;
    }
    return false;
  };
  assert.deepEqual(flat(texts('zh')).map(([key]) => key).filter((key) => !asked(key)), []);
});

test('what the shell says comes with it', () => {
  const folder = join(root, 'web/hall/src');
  const config = readFileSync(join(root, 'web/hall/vite.config.ts'), 'utf8');
  const rest = [.../const REST = \[([^\]]+)\]/.exec(config)[1].matchAll(/'(\w+)'/g)].map((found) => found[1]);
  assert.ok(rest.length > 5 && rest.every((key) => texts('zh')[key]), String(rest));
  // What main.ts includes without asking later.
  const shell = new Set(['main.ts']);
  for (const name of shell) {
    for (const [, path] of readFileSync(join(folder, name), 'utf8').matchAll(/^import (?!type )[^;]*?from '@\/([^'?]+)'/gm)) {
      const file = /\.\w+$/.test(path) ? path : `${path}.ts`;
      if (/\.(vue|ts)$/.test(file)) shell.add(file);
    }
  }
  assert.ok(shell.has('pages/SignIn.vue') && !shell.has('pages/Help.vue'));
  for (const name of shell) {
    // The titles of pages stand in the router, and are shown when the page is there.
    const source = readFileSync(join(folder, name), 'utf8').replace(/title: '[\w.]+'/g, '');
    for (const key of rest) assert.doesNotMatch(source, new RegExp(`['"\`]${key}\\.`), `${name} says ${key}`);
  }
});

test('the page has nothing inline and its scripts make no code from text', () => {
  const page = readFileSync(join(built, 'index.html'), 'utf8');
  assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:/i);
  for (const name of readdirSync(join(built, 'assets')).filter((one) => one.endsWith('.js'))) {
    assert.doesNotMatch(readFileSync(join(built, 'assets', name), 'utf8'), /\bnew Function\b|\beval\(|serviceWorker/, name);
  }
});

test('a first visit weighs at most 130 kB, as sent', () => {
  const page = readFileSync(join(built, 'index.html'), 'utf8');
  const first = ['index.html', ...[...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((found) => found[1])];
  assert.ok(first.length >= 3, String(first));
  let all = 0;
  for (const name of first) {
    if (name !== 'index.html') assert.match(name, /-[\w-]{8}\.(js|css)$/, 'a name that changes with the content');
    const file = join(built, name);
    all += existsSync(`${file}.gz`) ? readFileSync(`${file}.gz`).length : gzipSync(readFileSync(file)).length;
  }
  assert.ok(all <= 130_000, `${all} bytes`);
});
