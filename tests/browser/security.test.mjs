// 安全中心 as a person uses it.

import assert from 'node:assert/strict';
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

test('another device is signed out, payments are stopped, the password is changed', async () => {
  const other = await visit(browser, hall.origin, { width: 360 });
  await signIn(other, await hall.keys(hall.demo[0]));
  const here = await visit(browser, hall.origin);
  const { page } = here;
  await signIn(here, await hall.keys(hall.demo[0]));
  await goTo(page, '/security');
  for (const language of ['en', 'zh']) {
    await chooseLanguage(page, language);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await assertSound(here, `security ${language} ${width}`);
    }
  }
  assert.equal(await page.locator('[data-test=session]').count(), 2);
  await page.getByRole('button', { name: /^退出：/ }).click();
  await page.getByText('已退出那台设备').waitFor();
  await page.locator('[data-test=session]').nth(1).waitFor({ state: 'detached' });
  await other.page.reload();
  await other.page.locator('#login').waitFor();

  // Stopping asks once more, and can be called off.
  await page.getByRole('button', { name: '立即停止支取' }).click();
  await page.getByRole('button', { name: '取消' }).click();
  await page.getByRole('button', { name: '立即停止支取' }).click();
  await assertSound(here, 'the confirmation');
  await page.getByRole('button', { name: '确认停止' }).click();
  await page.locator('[data-test=stopped]').waitFor();
  await assertSound(here, 'stopped');

  await page.locator('#before').fill('not this one');
  await page.locator('#after').fill('a wholly new one');
  await page.getByRole('button', { name: '更改密码' }).click();
  await page.getByRole('alert').getByText('现在的密码不对').waitFor();
  await page.locator('#before').fill(hall.demo[0].password);
  await page.locator('#after').fill('1234');
  await page.getByRole('button', { name: '更改密码' }).click();
  await page.getByRole('alert').getByText('太容易猜到').waitFor();
  await assertSound(here, 'a weak password');
  await page.locator('#after').fill('a wholly new one');
  await page.getByRole('button', { name: '更改密码' }).click();
  await page.getByRole('status').getByText('密码已更改').waitFor();
  await goTo(page, '/messages');
  await settled(page);
  assert.match(await page.locator('main').textContent(), /登录密码已更改.*已停止账户的一切支取/s);
  assert.deepEqual(here.faults, []);
  await here.context.close();
  await other.context.close();
});
