// Every page with every demo depositor, in both languages, on a phone, a tablet and a desktop, light
// and dark; and the figures on them against what the city says they must be.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { added, startHall, written } from './support/city.mjs';
import { assertSound, chooseLanguage, goTo, LANGUAGES, openBrowser, PAGES, settled, sideways, signIn, visit, WIDTHS } from './support/hall.mjs';

let hall;
let browser;
before(async () => {
  [hall, browser] = await Promise.all([startHall(), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await hall?.stop();
});

/** What looks otherwise with other data. */
const OF_DATA = ['/', '/contributions', '/ledger', '/withdrawals', '/loan', '/borrowing', '/interest', '/year', '/messages'];

/** A session for each depositor: codes are not sent without end. */
const cookies = new Map();

async function enter(number, { by = browser, ...options } = {}) {
  const depositor = hall.demo[number - 1];
  const here = await visit(by, hall.origin, options);
  if (cookies.has(number)) {
    await here.context.addCookies(cookies.get(number));
    await here.page.goto(hall.origin);
    await settled(here.page);
  } else {
    await signIn(here, await hall.keys(depositor));
    cookies.set(number, await here.context.cookies());
  }
  return { ...here, depositor };
}

const text = (page, name) => page.locator(`[data-test=${name}]`).first().textContent();

for (const number of [1, 2, 3, 4, 5, 6]) {
  test(`depositor ${number}: every page is sound in both languages at every width`, async () => {
    const here = await enter(number);
    for (const language of LANGUAGES) {
      if (language !== 'zh') await chooseLanguage(here.page, language);
      // What differs between people is the data, not the frame: one of them is looked at everywhere.
      for (const path of number === 1 ? PAGES : OF_DATA) {
        await goTo(here.page, path);
        for (const width of WIDTHS) {
          await here.page.setViewportSize({ width, height: 800 });
          const what = `${path} ${language} ${width}`;
          if (number === 1 || (language === 'zh' ? width === 360 : width === 1280)) await assertSound(here, what);
          else assert.equal(await sideways(here.page), null, `${what}: scrolls sideways`);
        }
      }
    }
    await here.context.close();
  });

  test(`depositor ${number}: the overview has the city's figures`, async (t) => {
    const { page, context, depositor } = await enter(number);
    if (!(await page.getByText('截至今天（2026 年 11 月 23 日）').isVisible())) return t.skip("the city's day has turned");
    assert.equal(await text(page, 'total'), written(added(depositor.balance, depositor.interest_to_date)));
    assert.equal(await text(page, 'principal'), written(depositor.balance));
    assert.equal(await text(page, 'interest'), written(depositor.interest_to_date));
    assert.equal(await text(page, 'number'), depositor.account);
    const main = await page.locator('main').textContent();
    assert.match(main, /示范市住房公积金管理中心/);
    for (const part of [depositor.carried, depositor.this_year]) assert.ok(main.includes(`${written(part)} 元`), part);
    if (depositor.frozen === '0.00') assert.equal(await page.locator('[data-test=frozen]').count(), 0);
    else {
      assert.equal(await text(page, 'frozen'), written(depositor.frozen));
      assert.equal(await text(page, 'available'), written(added(depositor.balance, `-${depositor.frozen}`)));
    }
    const { loan } = depositor;
    if (loan) {
      assert.ok(main.includes(`贷款第 ${loan.periods_paid + loan.overdue_periods + 1} 期应还 ${written(loan.next_payment)} 元`), 'next instalment');
      assert.ok(main.includes(written(loan.balance)), 'principal left');
      assert.equal(main.includes(`贷款逾期 ${loan.overdue_periods} 期`), loan.overdue_periods > 0);
    }
    assert.equal(main.includes('没有入账'), depositor.missing.length > 0, 'a month without payment is said');
    assert.equal(main.includes('账户已封存'), depositor.state === 2);
    await context.close();
  });

  test(`depositor ${number}: months that are missing, short, late or paid back`, async () => {
    const { page, context, depositor } = await enter(number);
    await page.goto(`${hall.origin}/contributions?year=all`);
    await settled(page);
    const rows = await page.locator('table tbody tr').evaluateAll((all) =>
      all.map((row) => ({ month: row.querySelector('th').textContent.trim(), label: row.querySelector('b')?.textContent ?? '', words: row.lastElementChild.textContent })),
    );
    const labelled = (label) => rows.filter((row) => row.label === label).map((row) => row.month).sort();
    assert.deepEqual(labelled('漏缴'), depositor.missing);
    assert.deepEqual(labelled('不足额'), depositor.short.map((one) => one.month));
    assert.deepEqual(labelled('晚到'), depositor.late);
    assert.deepEqual(labelled('补缴'), depositor.back_paid);
    for (const { month, due, credited } of depositor.short) {
      const row = page.locator('table tbody tr').filter({ has: page.locator('th', { hasText: month }) });
      assert.ok((await row.textContent()).includes(written(credited)), `${month}: ${credited} of ${due}`);
    }
    await context.close();
  });

  test(`depositor ${number}: the ledger goes back to its first entry and ends at the balance`, async () => {
    const { page, context, depositor } = await enter(number);
    await goTo(page, '/ledger');
    const more = page.getByRole('button', { name: '再看更早的' });
    for (let n = 0; n < 40 && (await more.count()) > 0; n++) {
      const shown = await page.locator('table tbody tr').count();
      await more.click();
      await page.waitForFunction((was) => document.querySelectorAll('table tbody tr').length > was, shown);
    }
    const balances = await page.locator('table tbody tr td:last-child').allTextContents();
    assert.equal(balances.length, depositor.entries);
    assert.equal(balances[0].trim(), written(depositor.balance));
    await context.close();
  });
}

for (const number of [1, 2, 5, 6]) {
  test(`depositor ${number}: withdrawals and the loan have the city's figures`, async () => {
    const { page, context, depositor } = await enter(number);
    const { loan, applications } = depositor;
    await goTo(page, '/withdrawals');
    assert.equal(await page.locator('main ul > li').count(), applications.total);
    assert.equal(await page.getByText('没有提取申请').isVisible(), applications.total === 0);
    assert.equal(await page.getByText('没有通过的原因').count(), applications.refused);
    await goTo(page, '/loan');
    assert.equal(await page.getByText('没有公积金贷款', { exact: true }).isVisible(), !loan);
    if (loan) {
      assert.equal(await text(page, 'left'), written(loan.balance));
      assert.equal(await text(page, 'next'), written(loan.next_payment));
      await page.getByRole('button', { name: '显示全部' }).click();
      assert.equal((await page.locator('[data-test=plan] tbody tr td:last-child').last().textContent()).trim(), '0.00');
      assert.equal(await page.getByText(`贷款逾期 ${loan.overdue_periods} 期`).count(), loan.overdue_periods ? 1 : 0);
    }
    await context.close();
  });
}

for (const number of [1, 2, 3, 4, 5, 6]) {
  test(`depositor ${number}: interest is laid open, and what was posted wrongly is said`, async () => {
    const { page, context, depositor, faults } = await enter(number);
    await page.getByRole('link', { name: '怎么算的' }).click();
    await page.waitForURL((url) => url.pathname === '/interest');
    await settled(page);
    const main = page.locator('main');
    if ((await main.textContent()).includes('至 2026 年 11 月 23 日')) assert.equal(await text(page, 'interest'), written(depositor.interest_to_date));
    const rows = page.locator('table tbody tr');
    assert.equal((await rows.last().locator('td').nth(3).textContent()).trim(), written(depositor.balance));
    assert.ok((await text(page, 'sums')).includes(`${written(depositor.interest_to_date)} 元`));
    assert.equal(await page.locator('[data-test=history] svg').count(), depositor.planted.length);
    for (const { date, wrong, right } of depositor.planted) {
      await page.getByRole('combobox', { name: '结息年度' }).selectOption(date.slice(0, 4));
      await page.locator('[data-test=wrong]').waitFor();
      await settled(page);
      assert.equal(await text(page, 'interest'), written(wrong));
      assert.ok((await text(page, 'wrong')).includes(written(right)));
    }
    if (depositor.settlement) {
      await page.locator('[data-test=history] a').first().click();
      await page.waitForURL(/year=/);
      await settled(page);
      assert.equal(await text(page, 'interest'), written(depositor.settlement.interest));
    }
    if (number === 1) {
      // Any day, past or to come until the next settlement; another one is refused in words.
      await page.locator('[data-test=day]').fill('2027-06-30');
      await page.waitForURL(/day=2027-06-30/);
      await page.locator('[data-test=day-balance]').waitFor();
      assert.ok((await text(page, 'day-balance')).includes(written(depositor.balance)));
      await page.setViewportSize({ width: 360, height: 800 });
      await assertSound({ page, faults }, 'interest on a day');
      await page.goto(`${hall.origin}/interest?day=1999-01-01`);
      await page.getByRole('alert').waitFor();
      await assertSound({ page, faults }, 'interest on no day');
    }
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test('months in a row that were paid in full', async () => {
  for (const number of [1, 4, 6]) {
    const { page, context, depositor } = await enter(number);
    const main = await page.locator('main').textContent();
    assert.ok(main.includes(`连续足额 ${depositor.consecutive_full} 个月`), `depositor ${number}: ${depositor.consecutive_full}`);
    await context.close();
  }
});

test('the dark theme is as sound as the light one', async () => {
  const here = await enter(1, { theme: 'dark' });
  for (const path of PAGES) {
    await goTo(here.page, path);
    await assertSound(here, `${path} dark`);
  }
  const ground = await here.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground, 'rgb(13, 23, 22)');
  await here.context.close();
});

test('an earlier account can be looked at, by its place and not by its number', async () => {
  const { page, context, depositor, faults } = await enter(5);
  await page.getByRole('link', { name: '查看流水' }).click();
  await page.waitForURL((url) => url.pathname === '/ledger' && url.searchParams.get('account') === '2');
  await settled(page);
  const first = await page.locator('table tbody tr').first().textContent();
  assert.match(first, /账户合并转出/);
  assert.ok(!(await page.locator('main h1 + p').textContent()).includes(depositor.account));
  await page.getByRole('combobox', { name: '账户', exact: true }).selectOption('1');
  await settled(page);
  assert.ok((await page.locator('main h1 + p').textContent()).includes(depositor.account));
  assert.ok(!page.url().includes('account='));
  assert.deepEqual(faults, []);
  await context.close();
});

test('the ledger can be narrowed to a year and a kind', async () => {
  const { page, context } = await enter(5);
  await goTo(page, '/ledger');
  await page.getByRole('combobox', { name: '年份' }).selectOption('2025');
  await page.getByRole('combobox', { name: '类型' }).focus();
  await page.getByRole('combobox', { name: '类型' }).selectOption('11');
  await page.waitForURL(/year=2025.*kind=11/);
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'SELECT', 'the choice keeps the focus');
  const rows = await page.locator('table tbody tr').allTextContents();
  assert.ok(rows.length > 0);
  for (const row of rows) assert.match(row, /2025-\d\d-\d\d.*部分提取/);
  await page.getByRole('combobox', { name: '类型' }).selectOption('07');
  await page.getByText('没有符合条件的往来').waitFor();
  await page.getByRole('button', { name: '看全部' }).click();
  await page.locator('table tbody tr').nth(20).waitFor();
  await context.close();
});

test('who looked: this visit is on the list, newest first', async () => {
  const { page, context } = await enter(2);
  for (const path of ['/contributions', '/ledger', '/looks']) await goTo(page, path);
  const list = page.locator('main section').first();
  assert.match(await list.textContent(), /^今天/);
  assert.match(await list.locator('li').first().textContent(), /您本人 · 电脑.*查看记录/);
  await context.close();
});

test('text of twice the size: nothing scrolls sideways, nothing is lost', async () => {
  const large = await openBrowser({ fontSize: 32 });
  try {
    const here = await enter(1, { by: large, width: 360 });
    for (const language of LANGUAGES) {
      if (language !== 'zh') await chooseLanguage(here.page, language);
      for (const path of PAGES) {
        await goTo(here.page, path);
        for (const width of [360, 640, 1280]) {
          await here.page.setViewportSize({ width, height: 800 });
          assert.equal(await sideways(here.page), null, `${path} ${language} ${width}`);
        }
      }
    }
    assert.deepEqual(here.faults, []);
  } finally {
    await large.close();
  }
});

test('320 pixels are enough', async () => {
  const { page, context } = await enter(6, { width: 320 });
  for (const path of PAGES) {
    await goTo(page, path);
    assert.equal(await sideways(page), null, path);
  }
  await context.close();
});
