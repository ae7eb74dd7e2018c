// No route gives one person's data to another.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { contract } from './support/contract.mjs';
import { send, signIn, startService } from './support/service.mjs';

let s, a, b;
before(async () => {
  s = await startService({ people: 120, seed: 5 });
  a = await signIn(s, s.demo[0]);
  b = await signIn(s, s.demo[1]);
});
after(() => s?.stop());

const holderRoutes = Object.entries(contract.paths)
  .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path]))
  .filter(([, path]) => path.startsWith('/api/v1/me/') || path === '/api/v1/sign-out');

const strange = {
  'no cookie': undefined,
  'an empty one': '',
  'a made-up one': 'A'.repeat(43),
  'a short one': 'x',
  'a very long one': 'A'.repeat(3000),
  'another alphabet': 'é'.repeat(10).normalize('NFD').replace(/[^\x20-\x7e]/g, '%'),
};

for (const [name, cookie] of Object.entries(strange)) {
  test(`every holder's route refuses ${name}`, async () => {
    for (const [method, path] of holderRoutes) {
      const answer = await send({ base: s.base, cookie }, method, path, { body: method === 'POST' ? {} : undefined });
      assert.equal(answer.status, 401, `${method} ${path}`);
      assert.match(answer.json.code, /^session-/);
    }
  });
}

test('a cookie that comes twice is refused', async () => {
  const headers = { cookie: `__Host-anju=${a.cookie}; __Host-anju=${b.cookie}` };
  const answer = await send({ base: s.base }, 'GET', '/api/v1/me/overview', { headers });
  assert.equal(answer.status, 400);
});

test('a session changed in one character is none', async () => {
  for (const i of [0, 20, 41]) {
    const c = a.cookie[i] === 'A' ? 'B' : 'A';
    const cookie = a.cookie.slice(0, i) + c + a.cookie.slice(i + 1);
    assert.equal((await send({ base: s.base, cookie }, 'GET', '/api/v1/me/overview')).status, 401);
  }
});

test("another person's number in query, header or body changes nothing", async () => {
  const own = (await send(b, 'GET', '/api/v1/me/overview')).json;
  for (const name of ['account', 'person', 'id', 'GRZH', 'subject']) {
    const q = await send(b, 'GET', `/api/v1/me/overview?${name}=${s.demo[0].account}`);
    assert.equal(q.status, 400, name);
    const headers = { [`x-${name}`]: s.demo[0].account, 'x-forwarded-user': s.demo[0].person };
    const h = await send(b, 'GET', '/api/v1/me/overview', { headers });
    assert.deepEqual(h.json, own);
  }
});

test("one's own pages show one's own figures, never the other's", async () => {
  for (const path of ['/api/v1/me/overview', '/api/v1/me/contributions', '/api/v1/me/entries', '/api/v1/me/history', '/api/v1/me/year', '/api/v1/me/contributions/month?year=2026&month=10', '/api/v1/me/withdrawals', '/api/v1/me/loan', '/api/v1/me/looks']) {
    const mine = await send(b, 'GET', path);
    assert.equal(mine.status, 200);
    for (const secret of [s.demo[0].account, s.demo[0].person, s.demo[0].id_number, s.demo[0].phone]) {
      assert.ok(!mine.text.includes(secret), `${path} holds the other's ${secret}`);
    }
    for (const secret of [s.demo[1].id_number, s.demo[1].phone, s.demo[1].name]) {
      assert.ok(!mine.text.includes(secret), `${path} holds an unmasked secret`);
    }
  }
});

test('methods and routes that do not exist say so', async () => {
  assert.equal((await send(a, 'PUT', '/api/v1/me/overview', { body: {} })).status, 405);
  assert.equal((await send(a, 'DELETE', '/api/v1/me/entries')).status, 405);
  for (const path of ['/api/v1/me', '/api/v1/me/overview/', '/api/v1/me//overview', '/api/v1/me/%6fverview', '/api/v2/me/overview', '/api/v1/persons']) {
    assert.equal((await send(a, 'GET', path)).status, 404, path);
  }
  assert.equal((await send(a, 'GET', '/api/v1/me/overview%00')).status, 400);
});
