// Large mode (长者模式): text of 30 px, targets of 60, a phone's width is enough, and it stays chosen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertSound, openBrowser, settled, signIn, visit } from './support/hall.mjs';
import { startStub } from './support/stub.mjs';

let stub;
let browser;
before(async () => {
  [stub, browser] = await Promise.all([startStub(), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await stub?.stop();
});

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

for (const width of [360, 1280]) {
  for (const language of ['zh', 'en']) {
    test(`every page in large mode, ${width} px, ${language}`, async () => {
      const here = await visit(browser, stub.origin, { width, language });
      const { page } = here;
      await signIn(here, { login: 'li', password: 'any', code: async () => '123456' });
      await page.evaluate(() => localStorage.setItem('large', 'on'));
      for (const path of ['/', '/contributions', '/ledger', '/interest', '/loan', '/help']) {
        await page.goto(stub.origin + path);
        await settled(page);
        await assertSound(here, path);
        assert.deepEqual(await small(page), [], `${path}: text`);
        assert.deepEqual(await low(page), [], `${path}: targets`);
      }
      await here.context.close();
    });
  }
}
