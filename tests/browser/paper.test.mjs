// The pages on paper: nothing of the hall around them, and a head that says whose, what and as of when.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled, signIn, visit } from './support/hall.mjs';
import { browser, stub } from './support/stubbed.mjs';

test('on paper a page has its head and no bars, and is white in either theme', async () => {
  const here = await visit(browser, stub.origin, { theme: 'dark' });
  const { page } = here;
  await signIn(here, { login: 'li', password: 'any', code: async () => '123456' });
  const head = page.locator('[data-test=print-head]');
  for (const [path, title] of [['/', /总览/], ['/contributions', /缴存/], ['/ledger', /流水/], ['/interest', /结息/], ['/loan', /贷款/], ['/year', /年度账单/], ['/history', /历史/]]) {
    await page.goto(stub.origin + path);
    await settled(page);
    assert.equal(await head.isVisible(), false, `${path}: no head on the screen`);
    for (const colorScheme of ['dark', 'light']) {
      await page.emulateMedia({ media: 'print', colorScheme });
      assert.equal(await head.isVisible(), true, `${path}: the head`);
      assert.match(await head.textContent(), title);
      assert.match(await head.textContent(), /李\*华 · 530100200417/);
      assert.match(await head.textContent(), /数据截至 2026 年 11 月 23 日/);
      // The name of a month is a button that opens it; on paper it is its name.
      assert.equal(await page.locator('header:visible, nav:visible, main :not(th) > button:visible, main select:visible').count(), 0, `${path}: nothing of the hall`);
      const ground = await page.evaluate(() => [document.body, document.querySelector('main .sheet:not(.alarm)')].map((one) => getComputedStyle(one).backgroundColor));
      for (const colour of ground) assert.match(colour, /^(rgba\(0, 0, 0, 0\)|rgb\(255, 255, 255\))$/, path);
    }
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  }
  assert.deepEqual(here.faults, []);
  await here.context.close();
});
