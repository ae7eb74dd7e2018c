// 消息 as a person reads them: the number at the top, the list, and that it is gone afterwards.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startHall, written } from './support/city.mjs';
import { assertSound, chooseLanguage, openBrowser, settled, signIn, visit, WIDTHS } from './support/hall.mjs';

let hall;
let browser;
before(async () => {
  [hall, browser] = await Promise.all([startHall({ people: 120 }), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await hall?.stop();
});

test('the number at the top comes late and by itself; reading makes it go', async () => {
  const here = await visit(browser, hall.origin);
  const { page } = here;
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await signIn(here, await hall.keys(hall.demo[0]));
  await page.locator('[data-test=total]').waitFor();
  const bell = page.locator('[data-test=bell]');
  await bell.locator('span').waitFor();
  assert.ok(asked.indexOf('/api/v1/me/messages') > asked.indexOf('/api/v1/me/overview'));
  const number = Number(await bell.locator('span').textContent());
  assert.equal(await bell.getAttribute('aria-label'), `消息，${number} 条未读`);
  await assertSound(here, 'the overview with a number');
  await bell.click();
  await page.waitForURL(/\/messages$/);
  await settled(page);
  assert.equal(await page.locator('[data-unread]').count(), number);
  assert.equal(await bell.locator('span').count(), 0);
  for (const language of ['zh', 'en']) {
    if (language !== 'zh') await chooseLanguage(page, language);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await assertSound(here, `messages ${language} ${width}`);
    }
  }
  assert.equal(await page.locator('[data-unread]').count(), 0, 'read when it was opened again');
  await page.reload();
  await settled(page);
  await page.waitForTimeout(2500);
  assert.equal(await bell.locator('span').count(), 0);
  assert.deepEqual(here.faults, []);
  await here.context.close();
});

test('a message has the figures of the ledger, in the same order, and leads there', async () => {
  const here = await visit(browser, hall.origin, { theme: 'dark', width: 360 });
  const { page, origin } = here;
  await signIn(here, await hall.keys(hall.demo[0]), '/messages');
  const { messages } = await page.evaluate(async () => (await fetch('/api/v1/me/messages')).json());
  const one = messages.find((m) => m.kind === 'contribution');
  const row = page.locator('main li').nth(messages.indexOf(one));
  const said = (await row.textContent()).replace(/\s+/g, ' ');
  const [year, month] = one.month.split('-').map(Number);
  const order = [`${year} 年 ${month} 月`, '汇缴', `收入 ${written(one.amount)} 元`, `余额 ${written(one.balance)} 元`].map((words) => said.indexOf(words));
  assert.ok(order.every((at, index) => at >= 0 && (index === 0 || at > order[index - 1])), `${said}: ${order}`);
  await assertSound(here, 'messages in the dark');
  const more = page.getByRole('button', { name: '再看更早的' });
  while (await more.count()) {
    const shown = await page.locator('main li').count();
    await more.click();
    await page.waitForFunction((was) => document.querySelectorAll('main li').length > was, shown);
  }
  await row.getByRole('link').click();
  await page.waitForURL(`${origin}/ledger?year=${one.day.slice(0, 4)}`);
  await settled(page);
  assert.deepEqual(here.faults, []);
  await here.context.close();
});

test('an amount that did not move is called what it is', async () => {
  const here = await visit(browser, hall.origin);
  const { page } = here;
  await signIn(here, await hall.keys(hall.demo[0]));
  const base = {
    at: null, unread: false, direction: 'none', cause: null, month: null, amount: null, balance: null, due: null, step: null, count: null, number: null, rate: null, ref: '',
  };
  // No holder of the city has all of them.
  await page.route('**/api/v1/me/messages*', (route) => route.fulfill({
    json: {
      today: '2026-11-23', unread: 0, mark: 1, more: false,
      messages: [
        { ...base, id: 'a', kind: 'missing', day: '2026-11-13', month: '2026-10', amount: '2400.00', due: '2026-11-12' },
        { ...base, id: 'b', kind: 'short', day: '2026-10-13', month: '2026-09', amount: '100.00', due: '2026-10-12' },
        { ...base, id: 'c', kind: 'loan_repriced', day: '2026-01-01', amount: '2008.74', rate: '2.600', number: 1 },
      ],
    },
  }));
  await page.goto(`${hall.origin}/messages`);
  await settled(page);
  const said = async () => (await page.locator('main li').allTextContents()).map((words) => words.replace(/\s+/g, ' '));
  for (const [language, words] of [['zh', ['应缴 2,400.00 元', '少 100.00 元', '每期应还 2,008.74 元']], ['en', ['Due 2,400.00 yuan', 'Short by 100.00 yuan', 'Each instalment 2,008.74 yuan']]]) {
    if (language !== 'zh') await chooseLanguage(page, language);
    const rows = await said();
    words.forEach((one, index) => assert.ok(rows[index].includes(one), `${rows[index]}: ${one}`));
    assert.equal(await page.locator('main h2').count(), 3);
    assert.equal(await page.locator('main .sheet').count(), 1, 'one sheet for all months');
  }
  await here.context.close();
});
