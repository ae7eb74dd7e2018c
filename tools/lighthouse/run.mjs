// scripts/lighthouse: the pages as Lighthouse sees them, signed in where a page needs it, from a
// service with a demo home of its own. Called as: run.mjs phone|desktop PATH...

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig, generateReport } from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { root, signIn, startService } from '../../tests/api/support/service.mjs';

const WANTED = { performance: 0.95, accessibility: 1, 'best-practices': 1 };
// The middle one counts: what else the machine does makes single passes worse, never better.
const PASSES = 3;

const [form, ...paths] = process.argv.slice(2);
const results = path.join(process.env.ANJU_BUILD ?? path.join(root, 'build'), 'lighthouse');
const points = (score) => (score === null ? 'none' : Math.round(score * 100));

/** One pass. Lighthouse empties the caches before it and leaves cookies where they are. */
async function look(url, port, page) {
  const flags = { port, output: ['json', 'html'], onlyCategories: Object.keys(WANTED), logLevel: 'error' };
  await page.goto('about:blank');
  const { lhr } = await lighthouse(url, flags, form === 'desktop' ? desktopConfig : undefined, page);
  return lhr;
}

/** The audits that cost points, each in one line. */
function complaints({ categories, audits }) {
  return Object.keys(WANTED).flatMap((category) =>
    categories[category].auditRefs
      .map(({ id, weight }) => ({ weight, ...audits[id] }))
      .filter(({ weight, score }) => weight > 0 && score !== null && score < 0.9)
      .map(({ id, title, displayValue }) => `  ${category}: ${id}: ${title}${displayValue ? ` (${displayValue})` : ''}`),
  );
}

mkdirSync(results, { recursive: true });
const service = await startService();
let chrome;
let bad = 0;
const flat = {};
try {
  const { cookie } = await signIn(service, service.demo[0]);
  chrome = await launch({
    chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--accept-lang=zh-CN'],
    logLevel: 'error',
  });
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null });
  for (const where of paths) {
    const context = await browser.createBrowserContext();
    const open = where === '/sign-in' || where === '/register' || where === '/help';
    if (!open) await context.setCookie({ name: '__Host-anju', value: cookie, domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' });
    const passes = [];
    for (let tries = 0; passes.length < PASSES; tries++) {
      const page = await context.newPage();
      const lhr = await look(service.base + where, chrome.port, page);
      await page.close();
      // A machine with too much to do can lose the beginning of a trace.
      if (!lhr.runtimeError) passes.push(lhr);
      else if (tries > 2 * PASSES) throw new Error(`${where}: ${lhr.runtimeError.message}`);
    }
    await context.close();
    passes.sort((a, b) => a.categories.performance.score - b.categories.performance.score);
    const middle = passes[PASSES >> 1];
    if (new URL(middle.finalDisplayedUrl).pathname !== where) throw new Error(`${where}: ended at ${middle.finalDisplayedUrl}`);
    const name = `${form}${where === '/' ? '-overview' : where.replaceAll('/', '-')}`;
    writeFileSync(path.join(results, `${name}.html`), generateReport(middle, 'html'));
    const scores = Object.keys(WANTED).map((category) => {
      // Apart from the speed, one pass that finds something is enough.
      const all = passes.map((one) => one.categories[category].score ?? 0);
      const score = category === 'performance' ? middle.categories[category].score : Math.min(...all);
      if (score < WANTED[category]) bad++;
      flat[`${name}_${category}`] = points(score);
      return `${category} ${points(score)}`;
    });
    const times = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift', 'total-byte-weight']
      .map((id) => middle.audits[id]).filter(Boolean).map((one) => `${one.title} ${one.displayValue}`);
    console.log(`${where}: ${scores.join(', ')}\n  ${times.join(', ')}`);
    for (const line of new Set(passes.flatMap(complaints))) console.log(line);
  }
  await browser.disconnect();
} finally {
  chrome?.kill();
  await service.stop();
}
writeFileSync(path.join(results, `${form}.json`), `${JSON.stringify(flat, null, 2)}\n`);
console.log(`Reports: ${results}`);
process.exitCode = bad ? 1 : 0;
