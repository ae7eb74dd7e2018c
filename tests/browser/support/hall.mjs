// A browser at the hall: visits that watch for whatever must never happen, and the ways a person
// takes through the pages.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PAGES = ['/', '/contributions', '/ledger', '/withdrawals', '/loan', '/borrowing', '/interest', '/year', '/statements', '/messages', '/enquiries', '/security', '/looks', '/help'];
export const WIDTHS = [360, 768, 1280];
export const LANGUAGES = ['zh', 'en'];

export function openBrowser({ fontSize } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      // Nothing but this machine: a request elsewhere fails, and is noticed below.
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
      ...(fontSize ? [`--blink-settings=defaultFontSize=${fontSize}`] : []),
    ],
  });
}

/**
 * A person's browser, empty at first. `faults` gathers errors of the page, violations of its policy
 * and requests to other places; answers of the service that refuse are no faults of the page.
 */
export async function visit(browser, origin, { width = 1280, height = 800, theme = 'light', language = 'zh', ...more } = {}) {
  // Without motion: what is looked at is not half way between two colours.
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: 'zh-CN', reducedMotion: 'reduce', ...more });
  const faults = [];
  await context.addInitScript((chosen) => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`));
    if (location.protocol === 'http:' && chosen !== 'zh' && !localStorage.getItem('language')) localStorage.setItem('language', chosen);
  }, language);
  context.on('request', (request) => {
    const { origin: to, protocol } = new URL(request.url());
    if (to !== origin && protocol !== 'data:') faults.push(`request to ${to}`);
  });
  context.on('serviceworker', () => faults.push('a service worker'));
  context.on('weberror', (error) => faults.push(`error: ${error.error().message}`));
  context.on('console', (message) => {
    const refused = message.text().startsWith('Failed to load resource');
    if ((message.type() === 'error' || message.type() === 'warning') && !refused) faults.push(`console: ${message.text()}`);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  return { page, context, faults, origin };
}

/** Both steps of signing in, as a person does them. `code` is asked for once the second is there. */
export async function signIn({ page, origin }, { login, password, code }, to = '/') {
  await page.goto(origin + to);
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await page.locator('form button.btn-primary').click();
  await page.locator('#code').waitFor();
  await page.locator('#code').fill(await code());
  await page.locator('form button.btn-primary').click();
  await page.locator('#login, #code').waitFor({ state: 'detached' });
  await settled(page);
}

/** Waits until a page has its answer: data, or words that say why not. */
export async function settled(page) {
  await page.locator('main h1').waitFor();
  await page.locator('main .bone').first().waitFor({ state: 'detached' });
  await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached' });
}

/** Goes to a page by the bar that is in sight. */
export async function goTo(page, path) {
  const link = page.locator(`nav a[href="${path}"]:visible`);
  // Some places are behind the last one of the bar.
  if ((await link.count()) === 0) await page.locator('[data-test=further]:visible').click();
  await link.click();
  await page.waitForURL((url) => url.pathname === path);
  await settled(page);
}

export async function chooseLanguage(page, language) {
  await page.evaluate((chosen) => localStorage.setItem('language', chosen), language);
  await page.reload();
  await settled(page);
  assert.equal(await page.locator('html').getAttribute('lang'), language === 'zh' ? 'zh-CN' : 'en');
}

/** What axe finds; the rules of WCAG 2.2 AA and its own advice. */
export async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  return page.evaluate(async () => {
    // Nothing is gathered about what holds, and no style sheet is read anew.
    const { violations } = await globalThis.axe.run(document, {
      resultTypes: ['violations'],
      preload: false,
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
  });
}

/**
 * Goes round a page with Tab: everything that can be used is reached, nothing holds the keyboard, and
 * what has the focus is seen: it has a ring of its own or its label has, and no bar lies over it.
 */
export async function keyboardRound(page, what) {
  const wanted = await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
    // Of a group of radio buttons the chosen one stands for all.
    const stops = all.filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }) && !(one.type === 'radio' && !one.checked && document.querySelector(`input[type=radio][name="${one.name}"]:checked`)));
    stops.forEach((one, n) => (one.dataset.stop = n));
    return stops.length;
  });
  const seen = new Set();
  // It begins where the focus was, and comes round by the end of the page.
  for (let n = 0; n < 2 * wanted + 10; n++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return null;
      const ring = (of) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
      };
      const shown = one.closest('label') && one.classList.contains('sr-only') ? one.closest('label') : one;
      const [{ left, top, width, height }] = shown.getClientRects(); // a link may go on in the next line
      const above = document.elementFromPoint(left + width / 2, top + height / 2);
      return { stop: one.dataset.stop, html: one.outerHTML.slice(0, 160), ring: ring(shown), clear: shown.contains(above) || above?.contains(shown) === true };
    });
    if (at?.stop === undefined) continue;
    if (seen.has(at.stop)) break;
    seen.add(at.stop);
    assert.ok(at.ring, `${what}: no ring round ${at.html}`);
    assert.ok(at.clear, `${what}: something lies over ${at.html}`);
  }
  const missed = await page.evaluate((was) => [...document.querySelectorAll('[data-stop]')].filter((one) => !was.includes(one.dataset.stop)).map((one) => one.outerHTML.slice(0, 160)), [...seen]);
  assert.deepEqual(missed, [], `${what}: Tab does not reach`);
  await page.evaluate(() => document.querySelectorAll('[data-stop]').forEach((one) => delete one.dataset.stop));
}

/** By how much the page is wider than the window, and what sticks out. */
export async function sideways(page) {
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return null;
    const out = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    return `${document.documentElement.scrollWidth} > ${innerWidth}: ${out.at(-1)?.outerHTML.slice(0, 160)}`;
  });
}

/** Everything that can be asked of any page in any state. */
export async function assertSound({ page, faults }, what) {
  assert.equal(await page.locator('h1').count(), 1, `${what}: one heading of the first rank`);
  assert.match(await page.title(), /.+ · .+/, `${what}: a title`);
  assert.equal(await sideways(page), null, `${what}: scrolls sideways`);
  assert.deepEqual(await violations(page), [], `${what}: axe`);
  assert.deepEqual(faults, [], `${what}: faults`);
}
