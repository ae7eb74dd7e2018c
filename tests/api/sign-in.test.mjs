// Signing in and out, and every way it goes wrong.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { codeFor, messages, send, signIn, startService } from './support/service.mjs';

let s;
before(async () => {
  s = await startService({ people: 120, seed: 11 });
});
after(() => s?.stop());

test('the centre says its name and its day', async () => {
  const { json } = await send(s, 'GET', '/api/v1/centre');
  assert.equal(json.name.zh, '示范市住房公积金管理中心');
  assert.equal(json.today, '2026-11-23');
  assert.equal(json.demo, true);
});

test('the local listener says that it is alive and ready, and what it did, without anybody in it', async () => {
  const { operations } = s.addresses;
  for (const [where, words] of [['/healthz', 'alive\n'], ['/readyz', 'ready\n']]) {
    const answer = await fetch(operations + where);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), words);
  }
  const metrics = await (await fetch(`${operations}/metrics`)).text();
  assert.match(metrics, /^anju_requests_total\{route="\/api\/v1\/centre",class="2xx"\} [1-9]/m);
  assert.match(metrics, /^anju_request_seconds_count\{route="\/api\/v1\/centre"\} [1-9]/m);
  for (const d of s.demo) assert.ok(![d.account, d.id_number, d.phone].some((n) => metrics.includes(n)));
  assert.equal((await fetch(`${operations}/api/v1/centre`)).status, 404);
  assert.equal((await send(s, 'GET', '/metrics')).headers['content-type'].startsWith('text/html'), true);
});

test('ID number, password and code give a session; so does the phone', async () => {
  for (const login of [s.demo[0].id_number, s.demo[0].phone]) {
    const me = await signIn(s, s.demo[0], { login });
    assert.match(me.setCookie, /^__Host-anju=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const overview = await send(me, 'GET', '/api/v1/me/overview');
    assert.equal(overview.status, 200);
    assert.equal(overview.headers['cache-control'], 'no-store');
    assert.equal(overview.json.account.number, s.demo[0].account);
  }
});

test('whoever signs in again in the same browser ends the session before, also another person\'s', async () => {
  const before = await signIn(s, s.demo[3]);
  const elsewhere = await signIn(s, s.demo[3]);
  const now = await signIn(s, s.demo[4], { headers: { cookie: `__Host-anju=${before.cookie}` } });
  assert.equal((await send(before, 'GET', '/api/v1/me/overview')).status, 401);
  assert.equal((await send(elsewhere, 'GET', '/api/v1/me/overview')).status, 200);
  assert.equal((await send(now, 'GET', '/api/v1/me/overview')).json.account.number, s.demo[4].account);
});

test('a wrong password and an unknown number get the same words', async () => {
  const wrong = await send(s, 'POST', '/api/v1/sign-in', {
    body: { login: s.demo[1].id_number, password: 'not the password' },
  });
  const unknown = await send(s, 'POST', '/api/v1/sign-in', {
    body: { login: '530199199001010018', password: 'not the password' },
  });
  assert.equal(wrong.status, 401);
  assert.equal(wrong.json.code, 'credentials-wrong');
  assert.deepEqual(unknown.json, wrong.json);
});

test('a wrong code costs a try, a right one works once', async () => {
  const d = s.demo[2];
  const seen = (await messages(s, d.phone)).length;
  const first = await send(s, 'POST', '/api/v1/sign-in', { body: { login: d.id_number, password: d.password } });
  assert.match(first.json.sent_to, /^100\*+\d{4}$/);
  const code = await codeFor(s, d.phone, seen);
  const other = code === '000000' ? '000001' : '000000';
  const wrong = await send(s, 'POST', '/api/v1/sign-in/code', { body: { challenge: first.json.challenge, code: other } });
  assert.equal(wrong.json.code, 'code-wrong');
  assert.equal(wrong.json.tries_left, 4);
  const right = await send(s, 'POST', '/api/v1/sign-in/code', { body: { challenge: first.json.challenge, code } });
  assert.equal(right.status, 204);
  const again = await send(s, 'POST', '/api/v1/sign-in/code', { body: { challenge: first.json.challenge, code } });
  assert.equal(again.json.code, 'code-expired');
});

test('five wrong codes end the challenge', async () => {
  const d = s.demo[2];
  const seen = (await messages(s, d.phone)).length;
  const first = await send(s, 'POST', '/api/v1/sign-in', { body: { login: d.id_number, password: d.password } });
  const code = await codeFor(s, d.phone, seen);
  const other = code === '000000' ? '000001' : '000000';
  for (let i = 0; i < 5; i++) {
    await send(s, 'POST', '/api/v1/sign-in/code', { body: { challenge: first.json.challenge, code: other } });
  }
  const right = await send(s, 'POST', '/api/v1/sign-in/code', { body: { challenge: first.json.challenge, code } });
  assert.equal(right.json.code, 'code-expired');
});

test('signing out ends this session, everywhere ends all', async () => {
  const d = s.demo[3];
  const a = await signIn(s, d);
  const b = await signIn(s, d);
  const c = await signIn(s, d);
  for (const me of [a, b, c]) assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
  const out = await send(a, 'POST', '/api/v1/sign-out', { body: { everywhere: false } });
  assert.equal(out.status, 204);
  assert.match(out.headers['set-cookie'][0], /^__Host-anju=; .*Max-Age=0$/);
  assert.match(out.headers['clear-site-data'], /storage/);
  assert.equal((await send(a, 'GET', '/api/v1/me/overview')).status, 401);
  assert.equal((await send(b, 'GET', '/api/v1/me/overview')).status, 200);
  assert.equal((await send(b, 'POST', '/api/v1/sign-out', { body: { everywhere: true } })).status, 204);
  // Many at once, so that every worker is asked.
  const answers = await Promise.all(Array.from({ length: 24 }, () => send(c, 'GET', '/api/v1/me/overview')));
  assert.deepEqual([...new Set(answers.map((x) => x.status))], [401]);
});

test('only JSON from our own pages changes anything', async () => {
  const me = await signIn(s, s.demo[4]);
  const body = { everywhere: false };
  const tries = [
    [{ origin: 'https://elsewhere.example' }, 403, 'origin-refused'],
    [{ origin: null }, 403, 'origin-refused'],
    [{ origin: 'null' }, 403, 'origin-refused'],
    [{ 'sec-fetch-site': 'cross-site' }, 403, 'origin-refused'],
    [{ 'sec-fetch-site': 'same-site' }, 403, 'origin-refused'],
    [{ 'content-type': 'text/plain' }, 415, 'media-type'],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 415, 'media-type'],
  ];
  for (const [headers, status, code] of tries) {
    const answer = await send(me, 'POST', '/api/v1/sign-out', { body, headers });
    assert.equal(answer.status, status, JSON.stringify(headers));
    assert.equal(answer.json.code, code);
  }
  assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
});

test('bodies are taken strictly', async () => {
  const bodies = ['', '[]', '{', '{"login":"x"}', '{"login":1,"password":"x"}', '{"login":"x","password":"y","more":1}',
    '{"login":"x","login":"y","password":"z"}', `{"login":"${'9'.repeat(19)}","password":"y"}`, '\u0000', '{"login":"","password":"x"}'];
  for (const raw of bodies) {
    const answer = await send(s, 'POST', '/api/v1/sign-in', { raw });
    assert.equal(answer.status, 400, raw);
    assert.equal(answer.json.code, 'body-malformed', raw);
  }
  const large = await send(s, 'POST', '/api/v1/sign-in', { raw: JSON.stringify({ login: 'x', password: 'y'.repeat(70_000) }) });
  assert.equal(large.status, 413);
});

test('repeated wrong passwords make that network wait; nobody learns more by it', async () => {
  const d = s.demo[5];
  let wait;
  for (let i = 0; i < 12 && !wait; i++) {
    const a = await send(s, 'POST', '/api/v1/sign-in', { body: { login: d.id_number, password: `wrong ${i}` } });
    if (a.status === 429) wait = a;
    else assert.equal(a.json.code, 'credentials-wrong');
  }
  assert.ok(wait, 'a limit was reached');
  assert.equal(wait.json.code, 'wait');
  assert.ok(Number(wait.headers['retry-after']) > 0);
  assert.ok(wait.json.until);
});

test('no log holds a number, a password, a code or a token', async () => {
  const d = s.demo[1];
  const me = await signIn(s, d);
  await send(me, 'GET', '/api/v1/me/overview');
  const secrets = [d.id_number, d.phone, d.password, d.account, d.person, d.name, me.cookie];
  const files = readdirSync(s.home, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && (/log/.test(f.name) || /log/.test(f.parentPath ?? f.path)))
    .map((f) => path.join(f.parentPath ?? f.path, f.name));
  assert.ok(files.length > 0, 'there are logs');
  for (const text of [s.said(), ...files.map((f) => readFileSync(f, 'utf8'))]) {
    for (const secret of secrets) assert.ok(!text.includes(secret), `a log holds ${secret}`);
  }
});
