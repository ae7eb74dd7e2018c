// Registering as a newcomer does it: each step, each reason, mistakes, a party that is away.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeFor, messages } from '../api/support/service.mjs';
import { startHall } from './support/city.mjs';
import { assertSound, LANGUAGES, openBrowser, settled, sideways, visit, WIDTHS } from './support/hall.mjs';

let hall;
let browser;
let people;
before(async () => {
  [hall, browser] = await Promise.all([startHall({ people: 300, seed: 7 }), openBrowser()]);
  people = await (await fetch(`${hall.service.addresses.bank_card_check}/people`)).json();
});
after(async () => {
  await browser?.close();
  await hall?.stop();
});

const of = (kind, n = 0) => people.filter((one) => one.kind === kind)[n];
const alert = (page) => page.getByRole('alert');
const go = (page) => page.locator('form button.btn-primary').click();

async function mode(party, word) {
  await fetch(`${hall.service.addresses[party]}/control`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ mode: word }),
  });
}

/** From the door to the code. Every page on the way is sound. */
async function toCode(here, who, { sound = false, card = who.card } = {}) {
  const { page } = here;
  const seen = (await messages(hall.service, who.phone)).length;
  await page.goto(`${hall.origin}/sign-in`);
  await page.locator('a[href="/register"]').click();
  await page.waitForURL(`${hall.origin}/register`);
  if (sound) await assertSound(here, 'register');
  await page.locator('a[href="/register/who"]').click();
  await page.locator('#name').fill(who.name);
  await page.locator('#id_number').fill(who.id_number.toLowerCase().replace(/(.{6})/, '$1 '));
  if (sound) await assertSound(here, 'who');
  await go(page);
  await page.locator('#card').fill(card.replace(/(\d{4})(?=\d)/g, '$1 '));
  await page.locator('#phone').fill(who.phone);
  if (sound) await assertSound(here, 'card');
  await go(page);
  await page.locator('#code').waitFor();
  if (sound) await assertSound(here, 'code');
  return codeFor(hall.service, who.phone, seen);
}

async function typeCode(page, code) {
  await page.locator('#code').fill(code);
  await go(page);
}

test('from the door to a password, and in', async () => {
  const here = await visit(browser, hall.origin);
  const { page } = here;
  const who = of('ready');
  await typeCode(page, await toCode(here, who, { sound: true }));
  await page.waitForURL(`${hall.origin}/register/password`);
  await assertSound(here, 'password');
  await page.locator('#password').fill(who.phone.slice(0, 9));
  await go(page);
  await alert(page).getByRole('link').click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'password');
  await assertSound(here, 'weak password');
  const before = (await messages(hall.service, who.phone)).length;
  await page.locator('#password').fill('correct horse 电池');
  await go(page);
  await page.waitForURL(`${hall.origin}/register/done`);
  await assertSound(here, 'done');
  assert.equal(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])), '[{},{},""]');
  // The welcome arrives first: what comes after it is the code.
  for (const late = Date.now() + 15_000; (await messages(hall.service, who.phone)).length === before; ) {
    assert.ok(Date.now() < late, 'a welcome arrives');
    await new Promise((r) => setTimeout(r, 50));
  }
  await page.locator('main a[href="/sign-in"]').click();
  await page.locator('#login').fill(who.id_number);
  await page.locator('#password').fill('correct horse 电池');
  await go(page);
  await page.locator('#code').waitFor();
  await typeCode(page, await codeFor(hall.service, who.phone, before + 1));
  await page.locator('[data-test=total]').waitFor();
  assert.deepEqual(here.faults, []);
  await here.context.close();
});

test('each true reason has a page that says what to do next', async () => {
  for (const language of LANGUAGES) {
    const n = LANGUAGES.indexOf(language);
    for (const [kind, words] of [['new', { zh: '首笔汇缴还没有入账', en: 'Your first payment is not here yet' }], ['elsewhere', { zh: '这里没有您的账户', en: 'You have no account here' }], ['registered', { zh: '您已经注册过了', en: 'You are registered already' }]]) {
      const here = await visit(browser, hall.origin, { language, theme: n ? 'dark' : 'light' });
      await typeCode(here.page, await toCode(here, of(kind, n) ?? of(kind)));
      await here.page.waitForURL(`${hall.origin}/register/outcome`);
      await here.page.getByRole('heading', { name: words[language] }).waitFor();
      for (const width of WIDTHS) {
        await here.page.setViewportSize({ width, height: 800 });
        assert.equal(await sideways(here.page), null);
      }
      await assertSound(here, `${kind} ${language}`);
      await here.context.close();
    }
  }
});

test('what does not belong together is one sentence, and can be corrected', async () => {
  const here = await visit(browser, hall.origin);
  const { page } = here;
  const who = of('ready', 1);
  await typeCode(page, await toCode(here, who, { card: of('ready', 2).card }));
  await page.waitForURL(`${hall.origin}/register/outcome`);
  await page.getByRole('heading', { name: '没有核验通过' }).waitFor();
  await assertSound(here, 'refused');
  await page.locator('main a[href="/register/who"]').click();
  assert.equal(await page.locator('#name').inputValue(), who.name, 'what was typed is still there');
  await here.context.close();
});

test('mistakes are named at the top and at the field, also those that the service finds', async () => {
  const here = await visit(browser, hall.origin, { width: 360 });
  const { page } = here;
  const who = of('ready', 2);
  await page.goto(`${hall.origin}/register`);
  await page.locator('a[href="/register/who"]').click();
  await go(page);
  assert.equal(await alert(page).getByRole('link').count(), 2);
  assert.ok(await alert(page).evaluate((one) => one === document.activeElement));
  await assertSound(here, 'who with mistakes');
  await alert(page).getByRole('link').nth(1).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'id_number');
  await page.locator('#name').fill(who.name);
  // Its check digit is wrong: the service says so on the next page, which leads back.
  await page.locator('#id_number').fill(who.id_number.slice(0, 17) + (who.id_number.endsWith('1') ? '2' : '1'));
  await go(page);
  await page.locator('#card').waitFor();
  await go(page);
  await alert(page).waitFor();
  assert.equal(await alert(page).getByRole('link').count(), 2);
  await page.locator('#card').fill(who.card);
  await page.locator('#phone').fill(who.phone);
  await go(page);
  await page.waitForURL(`${hall.origin}/register/who`);
  await alert(page).getByText('证件号码不对').waitFor();
  assert.equal(await page.locator('#id_number').getAttribute('aria-invalid'), 'true');
  await assertSound(here, 'who with a mistake that the service found');
  await here.context.close();
});

test('a party that is away: said so, nothing lost, the same code goes on', async (t) => {
  t.after(() => mode('bank_card_check', 'ok'));
  const here = await visit(browser, hall.origin);
  const { page } = here;
  const code = await toCode(here, of('ready', 2));
  await mode('bank_card_check', 'down');
  await typeCode(page, code === '000000' ? '111111' : '000000');
  await alert(page).getByText('验证码不对，还可以试 4 次').waitFor();
  await typeCode(page, code);
  await alert(page).getByText('没有回答').waitFor();
  await assertSound(here, 'away');
  await mode('bank_card_check', 'slow');
  await go(page);
  await page.getByText('正在向身份核验机构和银行核对').waitFor();
  await page.waitForURL(`${hall.origin}/register/password`);
  await settled(page);
  await here.context.close();
});

test('a page in the middle is nobody\'s beginning', async () => {
  const { page, context } = await visit(browser, hall.origin);
  for (const path of ['card', 'code', 'outcome', 'password', 'done']) {
    await page.goto(`${hall.origin}/register/${path}`);
    await page.waitForURL(`${hall.origin}/register`);
  }
  await context.close();
});
