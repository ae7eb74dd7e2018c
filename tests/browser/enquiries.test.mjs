// 更正与复核 as a person does it: asking, reading, the centre's answer.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { run } from '../api/support/service.mjs';
import { startHall } from './support/city.mjs';
import { assertSound, chooseLanguage, goTo, openBrowser, settled, sideways, signIn, visit, WIDTHS } from './support/hall.mjs';

let hall;
let browser;
before(async () => {
  [hall, browser] = await Promise.all([startHall({ people: 120 }), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await hall?.stop();
});

async function soundEverywhere(here, what) {
  for (const width of WIDTHS) {
    await here.page.setViewportSize({ width, height: 800 });
    await assertSound(here, `${what} ${width}`);
  }
}

test('asking about a month, and the answer', async () => {
  const here = await visit(browser, hall.origin);
  const { page } = here;
  await signIn(here, await hall.keys(hall.demo[0]));
  await goTo(page, '/enquiries');
  await page.getByText('还没有提过疑问').waitFor();
  await soundEverywhere(here, 'no enquiries');

  // A page names what it is about; nothing sent with no words.
  await page.goto(`${hall.origin}/enquiries/new?about=month&ref=2026-09`);
  assert.equal((await page.locator('[data-test=about]').textContent()).trim(), '2026 年 9 月的缴存');
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByRole('link', { name: '请写下您的问题' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'words');
  await soundEverywhere(here, 'the form with a mistake');
  await page.locator('#words').fill('九月为什么没有入账？\n单位说已经缴了。');
  await page.getByRole('button', { name: '提交' }).click();
  await page.waitForURL(/\/enquiries\/1$/);
  await settled(page);
  assert.match(await page.locator('[data-test=standing]').textContent(), /最迟 2026 年 11 月 \d+ 日 答复，还有 5 天/);
  assert.equal(await page.locator('[data-test=answer]').count(), 0);
  await soundEverywhere(here, 'an open enquiry');

  const env = hall.env;
  const [{ number }] = JSON.parse(run(['enquiry', 'list', '--json'], { env }).stdout);
  assert.ok((await page.locator('main').textContent()).includes(number));
  run(['enquiry', 'answer', number, '--staff', '工号 0317', '--office', '城东管理部'], { env, input: '单位十月补缴，已入账。' });
  await page.reload();
  await settled(page);
  assert.match(await page.locator('[data-test=answer]').textContent(), /单位十月补缴，已入账。.*城东管理部 · 工号 0317/s);
  await chooseLanguage(page, 'en');
  await soundEverywhere(here, 'an answered enquiry');
  await chooseLanguage(page, 'zh');
  assert.equal(await page.getByRole('link', { name: '再问一次' }).getAttribute('href'), '/enquiries/new?about=month&ref=2026-09');

  await goTo(page, '/enquiries');
  assert.match(await page.locator('main li').textContent(), /2026 年 9 月的缴存.*已答复.*九月为什么没有入账/s);
  await soundEverywhere(here, 'the list');
  // The look of the staff stands among the looks, under the case number.
  await goTo(page, '/looks');
  assert.match(await page.locator('main').textContent(), new RegExp(`工号 0317.*疑问与答复.*业务编号 ${number}`, 's'));
  assert.deepEqual(here.faults, []);
  await here.context.close();
});

test('a form without a page before it asks what it is about; a lost answer is asked for once', async () => {
  const here = await visit(browser, hall.origin, { width: 360, theme: 'dark' });
  const { page, context } = here;
  await signIn(here, await hall.keys(hall.demo[1]), '/enquiries/new');
  await page.getByRole('combobox', { name: '关于' }).selectOption('month');
  await page.getByRole('combobox', { name: '月份' }).selectOption({ index: 2 });
  await page.locator('#words').fill('为什么少缴？');
  await assertSound(here, 'the free form');
  // The first answer does not come back: the same form again is the same enquiry.
  let lost = 0;
  await page.route('**/api/v1/me/enquiries', async (route) => {
    if (route.request().method() !== 'POST' || lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByRole('alert').getByText('网络断开了').waitFor();
  await page.getByRole('button', { name: '提交' }).click();
  await page.waitForURL(/\/enquiries\/1$/);
  await goTo(page, '/enquiries');
  assert.equal(await page.locator('main li').count(), 1);
  assert.match(await page.locator('main li').textContent(), /2026 年 9 月的缴存/);
  await context.close();
});

test('an enquiry that is not there says so; an address that makes no sense is a free form', async () => {
  const here = await visit(browser, hall.origin);
  const { page, context } = here;
  await signIn(here, await hall.keys(hall.demo[2]), '/enquiries/77');
  await page.getByText('没有找到要看的内容').waitFor();
  for (const query of ['about=month&ref=2026-13', 'about=money', 'about=entry&ref=<b>', 'about=loan&ref=99', 'ref=2026-09']) {
    await page.goto(`${hall.origin}/enquiries/new?${query}`);
    await page.getByRole('combobox', { name: '关于' }).waitFor();
  }
  await context.close();
});

test('a form opened directly has the bars of who is signed in; without a session it leads to the door', async () => {
  const here = await visit(browser, hall.origin);
  const { page, context, origin } = here;
  await page.goto(`${origin}/enquiries/new?about=month&ref=2026-09`);
  await page.waitForURL(`${origin}/sign-in`);
  await signIn(here, await hall.keys(hall.demo[4]), '/enquiries/new?about=month&ref=2026-09');
  // What the overview would say is not waited for.
  await page.route('**/api/v1/me/overview', () => {});
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await page.reload();
    await page.locator('[data-test=further]:visible').waitFor();
    await page.locator('[data-test=bell]').waitFor();
    await assertSound(here, `the form opened directly ${width}`);
  }
  await context.close();
});

test('text of twice the size', async () => {
  const large = await openBrowser({ fontSize: 32 });
  try {
    const here = await visit(large, hall.origin, { width: 360 });
    await signIn(here, await hall.keys(hall.demo[3]), '/enquiries/new?about=look&ref=3');
    for (const language of ['zh', 'en']) {
      if (language !== 'zh') await chooseLanguage(here.page, language);
      for (const width of [320, 640, 1280]) {
        await here.page.setViewportSize({ width, height: 800 });
        assert.equal(await sideways(here.page), null, `${language} ${width}`);
      }
    }
  } finally {
    await large.close();
  }
});
