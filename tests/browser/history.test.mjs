// The whole history: a chart to explore, and the same figures as words and a table.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSound, chooseLanguage, settled, signIn, visit, WIDTHS } from './support/hall.mjs';
import { browser, stub } from './support/stubbed.mjs';

async function history(options) {
  const here = await visit(browser, stub.origin, options);
  await signIn(here, { login: 'li', password: 'any', code: async () => '123456' });
  const answer = here.page.waitForResponse((one) => one.url().includes('/api/v1/me/history'));
  await here.page.goto(`${stub.origin}/history`);
  const { points } = await (await answer).json();
  await settled(here.page);
  await here.page.locator('[data-test=chart] canvas').first().waitFor();
  return { ...here, points };
}

test('the history is sound at every width, in both languages and themes', async () => {
  const here = await history();
  for (const [language, theme] of [['zh', 'light'], ['en', 'dark']]) {
    await here.page.emulateMedia({ colorScheme: theme });
    await chooseLanguage(here.page, language);
    await here.page.locator('[data-test=chart] canvas').first().waitFor();
    for (const width of WIDTHS) {
      await here.page.setViewportSize({ width, height: 800 });
      await assertSound(here, `history ${language} ${theme} ${width}`);
    }
  }
  await here.context.close();
});

test('the table has the figures of the answer, by year and by month', async () => {
  const here = await history();
  const { page, points } = here;
  const rows = page.locator('[data-test=history] tbody tr');
  assert.equal(await rows.count(), new Set(points.map((one) => one.month.slice(0, 4))).size);
  const last = points.at(-1);
  const written = last.balance.replace(/\B(?=(\d{3})+\.)/g, ',');
  assert.equal((await rows.first().locator('td').last().textContent()).trim(), written);
  assert.ok((await page.locator('[data-test=summary]').textContent()).includes(written));
  await page.locator('main select').last().selectOption('month');
  await page.waitForFunction((n) => document.querySelectorAll('[data-test=history] tbody tr').length === n, points.length);
  await assertSound(here, 'by month');
  await here.context.close();
});

test('the span is changed with the keyboard, and the picture with it', async () => {
  const here = await history();
  const { page } = here;
  const picture = () => page.locator('[data-test=chart] canvas').first().evaluate((one) => one.toDataURL());
  const all = await picture();
  const year = page.getByRole('button', { name: '近一年' });
  await year.focus();
  await page.keyboard.press('Enter');
  assert.equal(await year.getAttribute('aria-pressed'), 'true');
  await page.waitForFunction((was) => document.querySelector('[data-test=chart] canvas').toDataURL() !== was, all);
  assert.deepEqual(here.faults, []);
  await here.context.close();
});
