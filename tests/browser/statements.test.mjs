// 证明与账单: a file arrives that is what was asked for.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { startHall } from './support/city.mjs';
import { assertSound, chooseLanguage, goTo, openBrowser, settled, signIn, visit, WIDTHS } from './support/hall.mjs';

let hall;
let browser;
before(async () => {
  [hall, browser] = await Promise.all([startHall({ people: 120 }), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await hall?.stop();
});

async function take(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

test('a year of the ledger, in the language of the page', async () => {
  const here = await visit(browser, hall.origin, { acceptDownloads: true });
  const { page } = here;
  const depositor = hall.demo[0];
  await signIn(here, await hall.keys(depositor));
  await goTo(page, '/statements');
  for (const language of ['en', 'zh']) {
    await chooseLanguage(page, language);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await assertSound(here, `statements ${language} ${width}`);
    }
  }
  const whole = await take(page, /下载 账户流水/);
  assert.equal(whole.name, 'housing-fund-ledger.csv');
  assert.match(whole.text, /^\ufeff个人账号,序号,/);
  assert.equal(whole.text.trim().split('\r\n').at(-1).split(',')[10], depositor.balance);
  // The wrong way round is meant the right way round.
  await page.getByRole('combobox', { name: '从' }).selectOption('2026');
  await page.getByRole('combobox', { name: '到' }).selectOption('2025');
  const cut = await take(page, /下载 账户流水/);
  assert.equal(cut.name, 'housing-fund-ledger-2025-2026.csv');
  for (const row of cut.text.trim().split('\r\n').slice(1)) assert.match(row.split(',')[2], /^202[56]-/);
  await chooseLanguage(page, 'en');
  assert.match((await take(page, /Download Loan plan/)).text, /^\ufeffLoan,No\.,Due on/);
  await assertSound(here, 'after downloads');
  assert.deepEqual(here.faults, []);
  await here.context.close();
});

test('what fails is said, and who has no loan is offered no file of one', async () => {
  const here = await visit(browser, hall.origin, { width: 360, theme: 'dark' });
  const { page } = here;
  const without = hall.demo.findIndex((one) => !one.loan);
  await signIn(here, await hall.keys(hall.demo[without]), '/statements');
  assert.equal(await page.getByRole('button', { name: /贷款|还款/ }).count(), 0);
  const problem = (code, status) => (route) =>
    route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', title: code, status, code }) });
  await page.route('**/api/v1/me/statement?*', problem('statement-too-long', 422));
  await page.getByRole('button', { name: /下载 缴存明细/ }).click();
  await page.getByRole('alert').getByText('请选短一些的年份').waitFor();
  await assertSound(here, 'a refused file');
  await page.unroute('**/api/v1/me/statement?*');
  await page.route('**/api/v1/me/statement?*', (route) => route.abort());
  await page.getByRole('button', { name: /下载 缴存明细/ }).click();
  await page.getByRole('alert').getByText('网络断开了').waitFor();
  await settled(page);
  await here.context.close();
});
