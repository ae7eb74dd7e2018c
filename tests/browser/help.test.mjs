// The help: every question opens and answers, the offices say what is known, and a state can be asked about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSound, settled, signIn, visit } from './support/hall.mjs';
import { browser, stub } from './support/stubbed.mjs';

test('where no office is known the page says so and names the centre’s site', async () => {
  const here = await visit(browser, stub.origin, { width: 360 });
  const { page } = here;
  await page.goto(`${stub.origin}/help`);
  await settled(page);
  const offices = page.locator('section[aria-labelledby=offices]');
  await offices.getByText('我们没有查到，不作说明').waitFor();
  assert.equal(await offices.locator('a[href="https://gjj.example"]').count(), 1);
  assert.equal(await page.locator('[data-test=offices]').count(), 0, 'no list is made up');
  assert.match(await page.locator('section[aria-labelledby=elsewhere]').textContent(), /示范省省级职工住房资金管理中心/);
  await assertSound(here, 'help on a phone');
  await here.context.close();
});

test('the offices that are known are listed with their telephone', async () => {
  const here = await visit(browser, stub.origin);
  const { page } = here;
  await page.route('**/api/v1/offices', async (route) => {
    const answer = await (await route.fetch()).json();
    const one = { name: { zh: '城东管理部', en: 'East office' }, district: '', address: '示范路 1 号', hours: '9:00–17:00', phone: '12329' };
    await route.fulfill({ json: { ...answer, offices: [one] } });
  });
  await page.goto(`${stub.origin}/help`);
  await settled(page);
  const row = page.locator('[data-test=offices] li');
  await row.waitFor();
  assert.match(await row.textContent(), /城东管理部.*示范路 1 号.*9:00–17:00/s);
  assert.equal(await row.locator('a[href="tel:12329"]').count(), 1);
  await assertSound(here, 'help with an office');
  await here.context.close();
});

test('a list of offices that cannot be fetched leaves the rest of the help', async () => {
  const here = await visit(browser, stub.origin);
  const { page } = here;
  await page.route('**/api/v1/offices', (route) => route.abort());
  await page.goto(`${stub.origin}/help`);
  await settled(page);
  await page.getByText('现在取不到管理部的名单').waitFor();
  assert.ok((await page.locator('details summary').count()) >= 20);
  await here.context.close();
});

test('every state that makes one wonder says what it is and can be asked about', async () => {
  const here = await visit(browser, stub.origin, { width: 360 });
  const { page } = here;
  await signIn(here, { login: 'new', password: 'any', code: async () => '123456' });
  for (const [who, words, pages] of [
    ['new', /第一笔/, ['/']],
    ['sealed', /封存/, ['/', '/contributions']],
    ['frozen', /冻结/, ['/', '/contributions']],
    ['stopped', /停止/, ['/']],
    ['closed', /销户/, ['/', '/contributions']],
  ]) {
    // Another person at the same browser.
    await page.evaluate((challenge) => fetch('/api/v1/sign-in/code', { method: 'POST', body: JSON.stringify({ challenge, code: '123456' }) }), who);
    for (const path of pages) {
      await page.goto(stub.origin + path);
      await settled(page);
      assert.match(await page.locator('main').textContent(), words, `${who} ${path}`);
      assert.ok((await page.locator('main a[href^="/enquiries/new?about=state"]').count()) > 0, `${who} ${path}: ask why`);
    }
  }
  await assertSound(here, 'closed, contributions');
  await here.context.close();
});

test('every question opens by its address and answers', async () => {
  const here = await visit(browser, stub.origin);
  const { page } = here;
  await page.goto(`${stub.origin}/help`);
  await settled(page);
  const ids = await page.locator('details').evaluateAll((all) => all.map((one) => one.id));
  for (const id of ['q-base', 'q-over', 'q-rent', 'q-loan', 'q-prepay', 'q-move', 'q-name', 'q-proof']) {
    assert.ok(ids.includes(id), id);
    await page.goto(`${stub.origin}/help#${id}`);
    const answer = page.locator(`#${id} p`);
    await answer.waitFor();
    assert.match(await answer.textContent(), /依据：/, `${id} says how sure it is`);
  }
  await here.context.close();
});
