// Signing in and out as people do it: mistakes, the keyboard alone, sessions that end elsewhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startHall } from './support/city.mjs';
import { assertSound, goTo, keyboardRound, LANGUAGES, openBrowser, settled, sideways, signIn, visit, WIDTHS } from './support/hall.mjs';

let hall;
let browser;
before(async () => {
  [hall, browser] = await Promise.all([startHall(), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await hall?.stop();
});

const alert = (page) => page.getByRole('alert');

test('the door is sound in both languages, both themes, at every width', async () => {
  for (const language of LANGUAGES) {
    for (const theme of ['light', 'dark']) {
      const here = await visit(browser, hall.origin, { language, theme });
      await here.page.goto(`${hall.origin}/`);
      await here.page.waitForURL(`${hall.origin}/sign-in`);
      for (const width of WIDTHS) {
        await here.page.setViewportSize({ width, height: 800 });
        if (width !== 768) await assertSound(here, `sign-in ${language} ${theme} ${width}`);
        assert.equal(await sideways(here.page), null);
      }
      await here.context.close();
    }
  }
});

test('nothing typed: both fields are named, and lead there', async () => {
  const here = await visit(browser, hall.origin);
  await here.page.goto(`${hall.origin}/sign-in`);
  await here.page.getByRole('button', { name: '下一步' }).click();
  await alert(here.page).waitFor();
  assert.ok(await alert(here.page).evaluate((one) => one === document.activeElement), 'what is wrong has the focus');
  assert.equal(await here.page.locator('#login').getAttribute('aria-invalid'), 'true');
  await assertSound(here, 'sign-in with mistakes');
  await alert(here.page).getByRole('link', { name: '请输入密码' }).click();
  assert.equal(await here.page.evaluate(() => document.activeElement.id), 'password');
  await here.context.close();
});

test('a wrong password is called that, and the number stays', async () => {
  const { page, context } = await visit(browser, hall.origin);
  const [depositor] = hall.demo;
  await page.goto(`${hall.origin}/sign-in`);
  await page.locator('#login').fill(depositor.id_number);
  await page.locator('#password').fill('not this one');
  await page.keyboard.press('Enter');
  await alert(page).getByText('号码或密码不对').waitFor();
  assert.equal(await page.locator('#login').inputValue(), depositor.id_number);
  assert.equal(await page.locator('#password').inputValue(), '');
  // The same words for a number that nobody has.
  await page.locator('#login').fill('530199199001010018');
  await page.locator('#password').fill('not this one');
  await page.keyboard.press('Enter');
  await alert(page).getByText('号码或密码不对').waitFor();
  await context.close();
});

test('a wrong code says how often one may try', async () => {
  const here = await visit(browser, hall.origin);
  const { page } = here;
  const keys = await hall.keys(hall.demo[1]);
  await page.goto(`${hall.origin}/sign-in`);
  await page.locator('#login').fill(keys.login);
  await page.locator('#password').fill(keys.password);
  await page.keyboard.press('Enter');
  await page.locator('#code').waitFor();
  assert.match(await page.locator('form').textContent(), /6 位验证码已发到 100\*+\d{4}/);
  await assertSound(here, 'code');
  const code = await keys.code();
  await page.locator('#code').fill(code === '000000' ? '111111' : '000000');
  await page.keyboard.press('Enter');
  await alert(page).getByText('验证码不对，还可以试 4 次').waitFor();
  await assertSound(here, 'code with a mistake');
  await page.locator('#code').fill(code);
  await page.keyboard.press('Enter');
  await page.locator('[data-test=total]').waitFor();
  assert.deepEqual(here.faults, []);
  await here.context.close();
});

test('the keyboard alone: in, through the pages, out', async () => {
  const { page, context, faults } = await visit(browser, hall.origin);
  const keys = await hall.keys(hall.demo[2]);
  const focused = () => page.evaluate(() => document.activeElement?.innerText?.trim() || document.activeElement?.id);
  const tabTo = async (wanted, { within } = {}) => {
    if (within) {
      await tabTo(within);
      await page.keyboard.press('Enter');
    }
    for (let n = 0; n < 40; n++) {
      await page.keyboard.press('Tab');
      if ((await focused()) === wanted) return;
    }
    assert.fail(`Tab does not reach ${wanted}`);
  };
  await page.goto(`${hall.origin}/`);
  await page.locator('#login').waitFor();
  await tabTo('login');
  await page.keyboard.type(keys.login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(keys.password);
  await page.keyboard.press('Enter');
  await page.locator('#code').waitFor();
  assert.equal(await focused(), '输入验证码', 'the new heading has the focus');
  await tabTo('code');
  await page.keyboard.type(await keys.code());
  await page.keyboard.press('Enter');
  await page.locator('[data-test=total]').waitFor();
  await keyboardRound(page, 'overview');
  await tabTo('缴存');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${hall.origin}/contributions`);
  await settled(page);
  const month = page.locator('table button[aria-expanded]').first();
  for (let n = 0; !(await month.evaluate((one) => one === document.activeElement)); n++) {
    assert.ok(n < 40, 'Tab reaches the newest month');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.locator('table [data-test=month-open] [data-test=why]').waitFor();
  assert.ok(await month.evaluate((one) => one === document.activeElement), 'the month that was opened keeps the focus');
  await keyboardRound(page, 'contributions, a month open');
  await page.setViewportSize({ width: 360, height: 640 });
  await keyboardRound(page, 'contributions on a phone');
  await page.setViewportSize({ width: 1280, height: 800 });
  await tabTo('安全中心', { within: '更多' });
  await page.keyboard.press('Enter');
  await page.waitForURL(`${hall.origin}/security`);
  await settled(page);
  await keyboardRound(page, 'security');
  // A question in the page gives the focus back to the button that asked it.
  for (const leave of ['Escape', 'Enter']) {
    await tabTo('立即停止支取');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '确认停止' }).waitFor();
    if (leave === 'Enter') await tabTo('取消');
    await page.keyboard.press(leave);
    await page.getByRole('button', { name: '确认停止' }).waitFor({ state: 'detached' });
    assert.equal(await focused(), '立即停止支取');
  }
  await tabTo('流水');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${hall.origin}/ledger`);
  await settled(page);
  assert.equal(await focused(), '账户流水');
  // Backwards to the menu, which opens, closes on Escape and gives the focus back.
  const menu = page.getByRole('button', { name: /账户菜单/ });
  await menu.focus();
  await page.keyboard.press('Enter');
  assert.equal(await menu.getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('Escape');
  assert.equal(await menu.getAttribute('aria-expanded'), 'false');
  assert.ok(await menu.evaluate((one) => one === document.activeElement));
  await page.keyboard.press('Enter');
  await tabTo('退出登录');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${hall.origin}/sign-in`);
  await page.getByText('您已退出登录').waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test('the skip link leads past the navigation', async () => {
  const { page, context } = await visit(browser, hall.origin);
  await page.goto(`${hall.origin}/help`);
  await page.locator('h1').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), '跳到正文');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
  await context.close();
});

test('signed out: the way back shows nothing, and nothing personal was ever kept', async () => {
  const { page, context } = await visit(browser, hall.origin);
  const depositor = hall.demo[3];
  await signIn({ page, origin: hall.origin }, await hall.keys(depositor));
  await goTo(page, '/ledger');
  const kept = () => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.equal(await kept(), '[{},{},""]');
  await page.getByRole('button', { name: /账户菜单/ }).click();
  await page.getByText('深色').click();
  assert.equal(await kept(), '[{"theme":"dark"},{},""]');
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.waitForURL(`${hall.origin}/sign-in`);
  await page.goBack();
  await page.waitForURL(`${hall.origin}/sign-in`);
  assert.ok(!(await page.content()).includes(depositor.account));
  assert.equal((await context.cookies()).length, 0);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker?.getRegistrations())?.length ?? 0), 0);
  await context.close();
});

test('signed out everywhere: the other browser is asked to sign in, and then goes on where it was', async () => {
  const depositor = hall.demo[4];
  const one = await visit(browser, hall.origin);
  const other = await visit(browser, hall.origin);
  await signIn(one, await hall.keys(depositor));
  await signIn(other, await hall.keys(depositor));
  await one.page.getByRole('button', { name: /账户菜单/ }).click();
  await one.page.getByRole('button', { name: /退出所有设备/ }).click();
  await one.page.getByText('所有设备上的登录都已结束').waitFor();
  await other.page.locator('nav a[href="/contributions"]:visible').click();
  await other.page.waitForURL(`${hall.origin}/sign-in`);
  await other.page.getByText('登录已经结束').waitFor();
  assert.ok(!(await other.page.content()).includes(depositor.account), 'nothing is left on the page');
  const keys = await hall.keys(depositor);
  await other.page.locator('#login').fill(keys.login);
  await other.page.locator('#password').fill(keys.password);
  await other.page.keyboard.press('Enter');
  await other.page.locator('#code').fill(await keys.code());
  await other.page.keyboard.press('Enter');
  await other.page.waitForURL(`${hall.origin}/contributions`);
  await settled(other.page);
  assert.deepEqual([...one.faults, ...other.faults], []);
  await one.context.close();
  await other.context.close();
});

test('two windows of one browser: signing out in one empties the other', async () => {
  const here = await visit(browser, hall.origin);
  await signIn(here, await hall.keys(hall.demo[5]));
  const second = await here.context.newPage();
  await second.goto(hall.origin);
  await second.locator('[data-test=total]').waitFor();
  await here.page.getByRole('button', { name: /账户菜单/ }).click();
  await here.page.getByRole('button', { name: '退出登录' }).click();
  await second.waitForURL(`${hall.origin}/sign-in`);
  assert.ok(!(await second.content()).includes(hall.demo[5].account));
  await here.context.close();
});

test('an address from outside decides nothing about where one lands', async () => {
  const { page, context } = await visit(browser, hall.origin);
  for (const path of ['/sign-in?return=https://example.org/', '/sign-in#//example.org', '/sign-in/code', '//example.org/%2e%2e']) {
    await page.goto(hall.origin + path);
    await page.locator('h1').waitFor();
    assert.equal(new URL(page.url()).origin, hall.origin);
  }
  await context.close();
});

test('an address that leads nowhere says so', async () => {
  const here = await visit(browser, hall.origin);
  await here.page.goto(`${hall.origin}/no/such/page`);
  await here.page.getByRole('heading', { name: '没有这个页面' }).waitFor();
  await assertSound(here, 'lost');
  await here.context.close();
});
