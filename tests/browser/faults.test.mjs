// What people see when something fails: on the way, at the service, or because a session ended.
// The real service is not easily brought to these, so a stub answers here.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { assertSound, chooseLanguage, goTo, LANGUAGES, settled, signIn, visit } from './support/hall.mjs';
import { browser, stub } from './support/stubbed.mjs';

beforeEach(() => stub.rules.clear());

const enter = async (login = 'li', options) => {
  const here = await visit(browser, stub.origin, options);
  await signIn(here, { login, password: 'x', code: () => '123456' });
  return here;
};
const API = { '/': 'GET /api/v1/me/overview', '/contributions': 'GET /api/v1/me/contributions', '/ledger': 'GET /api/v1/me/entries', '/withdrawals': 'GET /api/v1/me/withdrawals', '/loan': 'GET /api/v1/me/loan', '/interest': 'GET /api/v1/me/interest', '/year': 'GET /api/v1/me/year', '/looks': 'GET /api/v1/me/looks' };
// The other pages come one by one in quiet moments: until they are there and nothing more comes.
async function allFetched(page) {
  const fetched = () => page.evaluate(() => performance.getEntriesByType('resource').map((r) => r.name).filter((name) => name.includes('/assets/')));
  for (let before = []; ; ) {
    const now = await fetched();
    if (now.length === before.length && now.some((name) => name.includes('/Ledger'))) return;
    before = now;
    await page.waitForTimeout(700);
  }
}
const bar = (page, path) => page.locator(`nav a[href="${path}"]:visible`).click();

for (const [path, question] of Object.entries(API)) {
  test(`${path}: waiting, failed and asked again`, async () => {
    const here = await enter('li', { width: 360 });
    const { page } = here;
    if (path === '/') await goTo(page, '/help');
    // A new window has seen nothing yet.
    const fresh = await here.context.newPage();
    fresh.setDefaultTimeout(15_000);
    let answer;
    stub.rules.set(question, () => new Promise((resolve) => (answer = resolve)));
    await fresh.goto(stub.origin + path);
    await fresh.locator('.bone').first().waitFor();
    await fresh.getByText('正在载入').first().waitFor({ state: 'attached' });
    answer(stub.problem(500, 'our-fault'));
    await fresh.getByRole('heading', { name: '我们这边出了问题' }).waitFor();
    const alone = { ...here, page: fresh };
    await assertSound(alone, `${path} failed`);
    stub.rules.set(question, () => stub.problem(503, 'busy', {}, { 'retry-after': '2' }));
    await fresh.getByRole('button', { name: '重试' }).click();
    await fresh.getByRole('heading', { name: '现在访问的人太多' }).waitFor();
    stub.rules.clear();
    await fresh.getByRole('button', { name: '重试' }).click();
    await fresh.getByRole('alert').waitFor({ state: 'detached' });
    await settled(fresh);
    assert.equal(await fresh.evaluate(() => document.activeElement.tagName), 'H1', 'the keyboard goes on at the heading');
    assert.equal(await fresh.getByRole('button', { name: '重试' }).count(), 0);
    await here.context.close();
  });
}

test('offline: it is said, what was seen before stays, and it comes back', async () => {
  const here = await enter();
  const { page, context } = here;
  await goTo(page, '/contributions');
  await allFetched(page);
  await context.setOffline(true);
  await bar(page, '/ledger');
  await page.getByRole('heading', { name: '网络断开了' }).waitFor();
  await assertSound(here, 'offline');
  await bar(page, '/contributions');
  await page.getByText('下面是之前取到的内容').waitFor();
  assert.ok((await page.locator('table tbody tr').count()) > 5);
  await assertSound(here, 'offline with an older answer');
  await context.setOffline(false);
  await page.getByRole('button', { name: '重试' }).click();
  await page.getByText('下面是之前取到的内容').waitFor({ state: 'detached' });
  await context.close();
});

test('offline at the door: nothing was sent, and that is what it says', async () => {
  const { page, context } = await visit(browser, stub.origin);
  await page.goto(stub.origin);
  await page.locator('#login').fill('li');
  await page.locator('#password').fill('x');
  await context.setOffline(true);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('网络断开了，请求没有送到').waitFor();
  assert.equal(await page.locator('#password').inputValue(), 'x', 'nothing is to be typed again');
  await context.setOffline(false);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.locator('#code').waitFor();
  await context.close();
});

test('each refusal at the door has words of its own', async () => {
  const { page, context, faults } = await visit(browser, stub.origin);
  await page.goto(stub.origin);
  await page.locator('#login').fill('li');
  const said = new Set();
  const answers = [
    [() => stub.problem(401, 'credentials-wrong'), /号码或密码不对/],
    [() => stub.problem(429, 'wait', { until: '2026-11-23T15:58:00+08:00' }), /15:58 以后再试/],
    [() => stub.problem(429, 'wait', { until: '2026-11-24T00:03:00+08:00' }), /2026 年 11 月 24 日 00:03 以后再试/],
    [() => stub.problem(429, 'wait', {}, { 'retry-after': '40' }), /40 秒以后再试/],
    [() => stub.problem(503, 'busy', {}, { 'retry-after': '2' }), /登录的人太多.*不计次数/],
    [() => stub.problem(500, 'our-fault'), /我们这边出了问题.*不计次数/],
    [() => stub.problem(400, 'body-malformed'), /刷新页面/],
    [() => 'cut', /网络断开了/],
  ];
  for (const [answer, words] of answers) {
    stub.rules.set('POST /api/v1/sign-in', answer);
    await page.locator('#password').fill('x');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(words).waitFor();
    said.add(await page.getByRole('alert').textContent());
  }
  assert.equal(said.size, answers.length);
  assert.deepEqual(faults, []);
  await context.close();
});

test('a code that is used up or too old leads back to a new one', async () => {
  const here = await visit(browser, stub.origin);
  const { page } = here;
  await page.goto(stub.origin);
  await page.locator('#login').fill('li');
  await page.locator('#password').fill('x');
  await page.keyboard.press('Enter');
  for (const [answer, words] of [
    [() => stub.problem(401, 'code-wrong', { tries_left: 1 }), /还可以试 1 次；再错/],
    [() => stub.problem(401, 'code-wrong', { tries_left: 0 }), /次数已用完/],
    [() => stub.problem(401, 'code-expired'), /已过期/],
  ]) {
    stub.rules.set('POST /api/v1/sign-in/code', answer);
    await page.locator('#code').fill('123456');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(words).waitFor();
  }
  await assertSound(here, 'code over');
  assert.equal(await page.getByRole('button', { name: '登录' }).count(), 0);
  await page.getByRole('link', { name: '重新获取验证码' }).click();
  await page.locator('#password').waitFor();
  assert.equal(await page.locator('#login').inputValue(), 'li', 'the number need not be typed again');
  await here.context.close();
});

test('a session that ends on the way: to the door, and afterwards back to the same page', async () => {
  const here = await enter();
  const { page } = here;
  stub.rules.set('GET /api/v1/me/entries', () => stub.problem(401, 'session-ended'));
  await page.goto(`${stub.origin}/ledger?year=2025`);
  await page.waitForURL(`${stub.origin}/sign-in`);
  await page.getByText('登录已经结束').waitFor();
  stub.rules.clear();
  await page.locator('#login').fill('li');
  await page.locator('#password').fill('x');
  await page.keyboard.press('Enter');
  await page.locator('#code').fill('123456');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${stub.origin}/ledger?year=2025`);
  await settled(page);
  for (const row of await page.locator('table tbody tr').allTextContents()) assert.match(row, /^\s*2025-/);
  await here.context.close();
});

test('more of the ledger that does not come: said beside the button, and asked again', async () => {
  const { page, context } = await enter();
  await goTo(page, '/ledger');
  const more = page.getByRole('button', { name: '再看更早的' });
  stub.rules.set('GET /api/v1/me/entries', () => stub.problem(503, 'busy'));
  await more.click();
  await page.getByRole('alert').getByText('现在访问的人太多').waitFor();
  assert.equal(await page.locator('table tbody tr').count(), 30);
  stub.rules.clear();
  await more.click();
  await page.locator('table tbody tr').nth(59).waitFor();
  await page.getByText('已显示 60 笔').waitFor();
  await context.close();
});

test('signing out that fails is not called signed out', async () => {
  const { page, context } = await enter();
  stub.rules.set('POST /api/v1/sign-out', () => stub.problem(500, 'our-fault'));
  await page.getByRole('button', { name: /账户菜单/ }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('alert').getByText('还没有退出').waitFor();
  assert.equal(new URL(page.url()).pathname, '/');
  await context.close();
});

test('English that cannot be fetched leaves the page in Chinese', async () => {
  const { page, context } = await enter();
  await context.route('**/assets/en-*.js', (route) => route.abort());
  await page.getByRole('button', { name: /账户菜单/ }).click();
  await page.getByText('English', { exact: true }).click();
  await page.getByText('中文', { exact: true }).locator('input:checked').waitFor({ state: 'attached' });
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await context.close();
});

// Accounts in every state that has words of its own; some of these no demo depositor is in.
for (const [login, words] of [
  ['new', '第一笔缴存还没有入账'],
  ['sealed', '账户已封存'],
  ['frozen', '30,000.00 元被冻结'],
  ['closed', '账户已销户'],
  ['stopped', '您已停止账户的一切支取'],
]) {
  test(`an account in the state "${login}" is explained, in both languages`, async () => {
    const here = await enter(login);
    assert.ok((await here.page.locator('main').textContent()).includes(words));
    for (const language of LANGUAGES) {
      if (language !== 'zh') await chooseLanguage(here.page, language);
      for (const path of ['/contributions', '/ledger', '/']) {
        await goTo(here.page, path);
        for (const width of [360, 1280]) {
          await here.page.setViewportSize({ width, height: 800 });
          await assertSound(here, `${login} ${path} ${language} ${width}`);
        }
      }
    }
    await here.context.close();
  });
}

test('an entry that was reversed and its reversal point at each other', async () => {
  const { page, context } = await enter('plain');
  await goTo(page, '/ledger');
  const rows = page.locator('table tbody tr');
  assert.match(await rows.nth(0).textContent(), /冲正第 (\d+) 笔/);
  assert.match(await rows.nth(1).textContent(), /已被第 \d+ 笔冲正/);
  assert.equal(await rows.nth(1).locator('.line-through').count() > 0, true);
  await context.close();
});

test('someone else who looked, and someone who was refused', async () => {
  const here = await enter();
  await goTo(here.page, '/looks');
  const words = await here.page.locator('main').textContent();
  for (const expected of ['中心工作人员 · 城东管理部柜台 · 工号 0317', '办理业务', '业务编号 GT-20261118-0042', '被拒绝，没有看到内容', '昨天', '2026 年 11 月 18 日']) {
    assert.ok(words.includes(expected), expected);
  }
  await assertSound(here, 'looks');
  await here.context.close();
});

test('a page out of the browser\'s store of whole pages starts anew', async () => {
  const { page, context } = await enter();
  const before = await page.evaluate(() => (globalThis.mark = 1));
  assert.equal(before, 1);
  const reloaded = page.waitForEvent('load');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await reloaded;
  assert.equal(await page.evaluate(() => globalThis.mark), undefined);
  await context.close();
});

test('on paper: no bars, no buttons, the whole table', async () => {
  const { page, context } = await enter('li', { width: 800 });
  await goTo(page, '/contributions');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('nav:visible').count(), 0);
  assert.equal(await page.locator('header button:visible').count(), 0);
  assert.ok(await page.locator('table').isVisible());
  await context.close();
});

test('who prefers no motion gets none', async () => {
  const { page, context } = await enter('li', { reducedMotion: 'reduce' });
  await goTo(page, '/help');
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((one) => {
    const { animationName, transitionDuration } = getComputedStyle(one);
    return animationName !== 'none' || Number.parseFloat(transitionDuration) > 0;
  }).length);
  assert.equal(moving, 0);
  await context.close();
});
