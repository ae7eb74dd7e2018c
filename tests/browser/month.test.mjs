// A month of contributions laid open, by mouse and by keyboard, as a table and as a list.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSound, chooseLanguage, settled, signIn, visit } from './support/hall.mjs';
import { browser, stub } from './support/stubbed.mjs';

async function at(path, options) {
  const here = await visit(browser, stub.origin, options);
  await signIn(here, { login: 'li', password: 'any', code: async () => '123456' });
  await here.page.goto(stub.origin + path);
  await settled(here.page);
  return here;
}

test('a missing month says why, how the shares come about and where the limits were read', async () => {
  const here = await at('/contributions?year=2026');
  const { page } = here;
  const button = page.getByRole('button', { name: '2026-09：为什么是这样' });
  await button.focus();
  await page.keyboard.press('Enter');
  const open = page.locator('table [data-test=month-open]');
  await open.locator('[data-test=why]').waitFor();
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  const text = await open.textContent();
  assert.match(text, /已过 34 天，没有一笔是为这个月入账的/);
  assert.match(text, /20,010\.00 × 5% ＝ 1,000\.50，四舍五入到元：1,001\.00 元/);
  assert.match(text, /单位少缴 1,001\.00 元、个人少缴 1,001\.00 元/);
  assert.match(text, /属于哪一类地区我们没有查到/);
  assert.match(text, /没有核对原文/);
  await assertSound(here, 'a missing month, open');
  await page.keyboard.press('Enter');
  await open.waitFor({ state: 'detached' });
  await here.context.close();
});

test('of a time whose limits are not known, nothing is made up', async () => {
  const here = await at('/contributions?year=2024', { width: 360 });
  await here.page.getByRole('button', { name: /^2024 年 6 月/ }).click();
  await here.page.locator('li [data-test=base]').waitFor();
  assert.match(await here.page.locator('li [data-test=base]').textContent(), /上下限我们没有查到，不作判断/);
  await assertSound(here, 'an older month, open, on a phone');
  await chooseLanguage(here.page, 'en');
  await here.page.getByRole('button', { name: /^June 2024/ }).click();
  await here.page.locator('li [data-test=why]').waitFor();
  await assertSound(here, 'the same in English');
  await here.context.close();
});
