// Large mode (长者模式): text of 30 px, targets of 60, a phone's width is enough, and it stays chosen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSound, LANGUAGES, settled, sideways, signIn, visit } from './support/hall.mjs';
import { browser, stub } from './support/stubbed.mjs';

/** Text in sight that is smaller than 30 px. */
const small = (page) =>
  page.evaluate(() => {
    const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walk.nextNode()) {
      const of = walk.currentNode.parentElement;
      const size = parseFloat(getComputedStyle(of).fontSize);
      if (walk.currentNode.data.trim() && of.checkVisibility() && of.getBoundingClientRect().width > 1 && size < 29.9) found.push(`${walk.currentNode.data.trim().slice(0, 20)} ${size}`);
    }
    return found;
  });

/** What a finger has to hit and is lower than 60 px. Links within a sentence are as high as their line. */
const low = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('header a, button, select, summary, nav a, main a.btn')]
      .filter((one) => one.checkVisibility() && !one.closest('.sr-only') && one.getBoundingClientRect().width > 1)
      .filter((one) => one.getBoundingClientRect().height < 59.5 || one.getBoundingClientRect().width < 59.5)
      .map((one) => one.outerHTML.slice(0, 120)),
  );

const EVERY = ['/', '/contributions', '/ledger', '/history', '/interest', '/loan', '/withdrawals', '/enquiries/new', '/help'];
const SOUND = ['/', '/contributions', '/history'];

test('at the door large mode can be chosen, on a phone, and stays', async () => {
  const here = await visit(browser, stub.origin, { width: 360 });
  const { page } = here;
  await page.goto(stub.origin);
  await page.locator('[data-test=large-on]').click();
  await page.locator('html[data-large]').waitFor();
  await assertSound(here, 'the door');
  assert.deepEqual(await low(page), [], 'the door');
  await page.reload();
  await page.locator('html[data-large]').waitFor();
  await page.locator('[data-test=large-off]').click();
  await page.locator('html:not([data-large])').waitFor();
  await here.context.close();
});

test('what is typed is seen whole: a number of 18 digits, and a code of six', async () => {
  const here = await visit(browser, stub.origin, { width: 360 });
  const { page } = here;
  await page.addInitScript(() => localStorage.setItem('large', 'on'));
  const cut = (id) => page.locator(id).evaluate((one) => one.scrollWidth - one.clientWidth);
  await page.goto(`${stub.origin}/sign-in`);
  await page.locator('#login').fill('530199198001010017');
  assert.equal(await cut('#login'), 0);
  await page.locator('#login').fill('li');
  await page.locator('#password').fill('x');
  await page.keyboard.press('Enter');
  await page.locator('#code').fill('000000');
  assert.equal(await cut('#code'), 0);
  await here.context.close();
});

test('every page in large mode, in both languages', async () => {
  const here = await visit(browser, stub.origin, { width: 360 });
  const { page } = here;
  await signIn(here, { login: 'li', password: 'any', code: async () => '123456' });
  for (const language of LANGUAGES) {
    await page.evaluate((chosen) => Object.assign(localStorage, { large: 'on', language: chosen }), language);
    for (const path of EVERY) {
      await page.goto(stub.origin + path);
      await settled(page);
      const what = `${path} ${language}`;
      assert.equal(await sideways(page), null, `${what}: scrolls sideways`);
      assert.deepEqual(await small(page), [], `${what}: text`);
      assert.deepEqual(await low(page), [], `${what}: targets`);
      if (SOUND.includes(path) && language === 'zh') await assertSound(here, what);
    }
  }
  // A window may be wide: the layout stays the one of a phone.
  await page.setViewportSize({ width: 1280, height: 800 });
  assert.deepEqual([await sideways(page), await small(page), await low(page)], [null, [], []], 'wide');
  assert.deepEqual(here.faults, []);
  await here.context.close();
});
