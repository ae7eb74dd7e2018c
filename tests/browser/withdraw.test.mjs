// Applying for a withdrawal in the hall: what it is for, how much, submitted once; mistakes, reasons, and
// taken back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { added, startHall, written } from './support/city.mjs';
import { assertSound, goTo, keyboardRound, openBrowser, settled, signIn, visit } from './support/hall.mjs';

let hall;
let browser;
before(async () => {
  [hall, browser] = await Promise.all([startHall({ people: 20 }), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await hall?.stop();
});

const by = (page, name) => page.locator(`[data-test=${name}]`);
async function enter(number, options) {
  const here = await visit(browser, hall.origin, options);
  await signIn(here, await hall.keys(hall.demo[number - 1]));
  await goTo(here.page, '/withdrawals');
  await here.page.getByRole('link', { name: /申请提取|Apply for a withdrawal/ }).click();
  await settled(here.page);
  return here;
}

test('rent: looked at, submitted once, on the list, and taken back', async () => {
  const here = await enter(4, { width: 360 });
  const { page } = here;
  const { balance, frozen } = hall.demo[3];
  await page.locator('main summary').first().click();
  await assertSound(here, 'the grounds');
  await page.locator('input[value=rent]').check();
  await by(page, 'from').selectOption('2026-09');
  await by(page, 'months').selectOption('3');
  await by(page, 'look').click();
  await by(page, 'send').waitFor();
  assert.equal(await by(page, 'most').textContent(), '5,100.00');
  assert.equal(await page.locator('#wanted').inputValue(), '5100.00');
  await assertSound(here, 'how much');
  await keyboardRound(page, 'the form');

  await page.locator('#wanted').fill('5，100.01');
  await by(page, 'send').click();
  await page.locator('#wanted-wrong').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'wanted');
  await page.locator('#wanted').fill('5,000.5');
  assert.ok((await by(page, 'left').textContent()).includes(written(added(balance, `-${frozen}`, '-5000.50'))));
  await by(page, 'send').dblclick();
  await by(page, 'done').waitFor();
  await assertSound(here, 'submitted');
  await by(page, 'done').getByRole('link').click();
  await settled(page);
  const rows = page.locator('main ul > li');
  assert.equal(await rows.count(), 1, 'a form that is sent twice is one application');
  assert.ok((await rows.textContent()).includes('5,000.50'));

  await page.getByRole('button', { name: '撤回申请' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'take-back');
  await assertSound(here, 'sure?');
  await page.getByRole('button', { name: '不撤回' }).click();
  await page.getByRole('button', { name: '撤回申请' }).click();
  await page.getByRole('button', { name: '确认撤回' }).click();
  await page.getByText('已撤回').first().waitFor();
  assert.equal(await page.getByRole('button', { name: '撤回申请' }).count(), 0);
  await here.context.close();
});

test('what is missing is said at its field, and why something is not possible', async () => {
  const here = await enter(2, { theme: 'dark', language: 'en' });
  const { page } = here;
  await page.locator('input[value=decoration]').check();
  await by(page, 'look').click();
  for (const field of ['spent', 'day', 'document']) await page.locator(`#${field}-wrong`).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'spent');
  await assertSound(here, 'mistakes');
  await page.locator('input[value=rent]').check();
  await by(page, 'look').click();
  await by(page, 'said').getByText('3 full months of contributions in a row are needed; you have 1.').waitFor();
  assert.equal(await by(page, 'send').count(), 0);
  await assertSound(here, 'a reason');
  await here.context.close();
});
