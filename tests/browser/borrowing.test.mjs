// 能贷多少 and the prepayment on the page 贷款, as a person uses them.

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

const shots = process.env.ANJU_TEST_PICTURES; // a folder: leaves pictures there, for people to look at
async function soundEverywhere(here, what) {
  for (const width of WIDTHS) {
    await here.page.setViewportSize({ width, height: 800 });
    await assertSound(here, `${what} ${width}`);
    if (shots) await here.page.screenshot({ path: `${shots}/${what}-${width}.png`, fullPage: true });
  }
}
const text = async (page, name) => (await page.locator(`[data-test=${name}]`).innerText()).trim();
const fen = (written) => Number(written.replace(/[,.]/g, ''));

for (const [theme, language] of [['light', 'zh'], ['dark', 'en']]) {
  test(`how much can be borrowed, and what would be otherwise (${theme}, ${language})`, async () => {
    const here = await visit(browser, hall.origin, { theme, language });
    const { page } = here;
    await signIn(here, await hall.keys(hall.demo.find((d) => !d.loan)));
    if (language === 'en') await chooseLanguage(page, 'en');
    await goTo(page, '/borrowing');
    const rows = page.locator('[data-test=limits] li');
    assert.equal(await rows.count(), 4);
    assert.equal(await rows.locator('.lowest').count(), 1);
    assert.equal(await rows.locator('progress').count(), 3); // no price, no bar
    await page.locator('[data-test=demonstration]').waitFor();
    await soundEverywhere(here, `borrowing-${language}`);

    const first = fen(await text(page, 'amount'));
    await page.getByLabel(language === 'zh' ? '房屋总价' : 'Price of the home').fill('200,000');
    await page.keyboard.press('Enter');
    await page.waitForURL(/price=200000/);
    await settled(page);
    assert.equal(await rows.locator('progress').count(), 4);
    assert.ok(fen(await text(page, 'amount')) <= Math.min(first, 160000_00));
    await page.getByLabel(language === 'zh' ? '和共同借款人一起贷' : 'With a co-borrower').check();
    await page.waitForURL(/partner=1/);
    await page.getByLabel(language === 'zh' ? '共同借款人的缴存基数' : "The co-borrower's contribution base").fill('12000');
    await page.keyboard.press('Enter');
    await page.waitForURL(/base=12000/);
    await settled(page);
    assert.match(await rows.first().innerText(), /1,000,000\.00/);
    await soundEverywhere(here, `borrowing-supposed-${language}`);

    await page.getByLabel(language === 'zh' ? '房屋总价' : 'Price of the home').fill('much');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await soundEverywhere(here, `borrowing-wrong-${language}`);
    await page.context().close();
  });

  test(`a prepayment is worked out (${theme}, ${language})`, async () => {
    const here = await visit(browser, hall.origin, { theme, language });
    const { page } = here;
    const who = hall.demo.find((d) => d.loan && d.loan.balance !== '0.00' && !d.loan.overdue_periods);
    await signIn(here, await hall.keys(who));
    if (language === 'en') await chooseLanguage(page, 'en');
    await goTo(page, '/loan');
    const ask = page.getByRole('button', { name: language === 'zh' ? '算一算' : 'Work it out' });
    await ask.click();
    await page.getByRole('alert').waitFor();
    const half = Math.floor(fen(who.loan.balance) / 200);
    await page.getByLabel(language === 'zh' ? '提前还款金额' : 'Amount to prepay').fill(String(half));
    const saved = {};
    for (const choice of ['shorter', 'lower']) {
      await page.locator(`input[value=${choice}]`).check();
      await ask.click();
      await page.locator('[data-test=saved]').waitFor();
      saved[choice] = fen(await text(page, 'saved'));
    }
    assert.ok(saved.shorter > saved.lower && saved.lower > 0);
    await soundEverywhere(here, `prepayment-${language}`);
    // What was worked out goes when the question changes; too much is said, with the right amount.
    await page.getByLabel(language === 'zh' ? '提前还款金额' : 'Amount to prepay').fill(String(half * 3));
    assert.equal(await page.locator('[data-test=saved]').count(), 0);
    await ask.click();
    await page.locator('[data-test=prepayment]').getByText(language === 'zh' ? '全部还清是' : 'all of it takes').waitFor();
    await page.locator('input[value=all]').check();
    await ask.click();
    await page.locator('[data-test=saved]').waitFor();
    await soundEverywhere(here, `prepayment-all-${language}`);
    await page.context().close();
  });
}

test('who owes a loan is told why there is no second one', async () => {
  const here = await visit(browser, hall.origin);
  await signIn(here, await hall.keys(hall.demo.find((d) => d.loan && d.loan.balance !== '0.00')));
  await goTo(here.page, '/borrowing');
  assert.match(await text(here.page, 'refusals'), /还有一笔公积金贷款没有还清/);
  await soundEverywhere(here, 'borrowing-refused');
});
