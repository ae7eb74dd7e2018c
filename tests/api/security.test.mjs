// 安全中心: one's sessions and their end, the password, and what is said of them.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { messages, send, signIn, startService } from './support/service.mjs';

let s;
before(async () => {
  s = await startService({ people: 120, seed: 19 });
});
after(() => s?.stop());

const desktop = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
const phone = { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Mobile Safari' };
const security = async (me) => (await send(me, 'GET', '/api/v1/me/security')).json;
const alive = async (me) => (await send(me, 'GET', '/api/v1/me/overview')).status === 200;

test('sessions with their devices; one ends, then all others', async () => {
  const [a, b, c] = [await signIn(s, s.demo[0], { headers: desktop }), await signIn(s, s.demo[0], { headers: phone }), await signIn(s, s.demo[0], { headers: phone })];
  const stranger = await signIn(s, s.demo[1], { headers: desktop });
  const seen = await security(a);
  assert.deepEqual(seen.sessions.map((one) => [one.current, one.device]), [[false, 'phone'], [false, 'phone'], [true, 'desktop']]);
  assert.deepEqual(seen.sign_ins.map((one) => one.device), ['phone', 'phone', 'desktop']);
  assert.match(seen.phone, /\*/);
  assert.notEqual(seen.phone, s.demo[0].phone);
  assert.equal(seen.payments_stopped_since, null);
  // Nobody ends another person's session, and one that is none is not there.
  for (const session of [(await security(stranger)).sessions[0].session, '0'.repeat(16), 'x', 'zz'.repeat(8)]) {
    assert.equal((await send(a, 'POST', '/api/v1/me/sessions/end', { body: { session } })).status, 404, session);
  }
  assert.ok(await alive(stranger));
  const cs = (await security(c)).sessions.find((one) => one.current).session;
  assert.equal((await send(a, 'POST', '/api/v1/me/sessions/end', { body: { session: cs } })).status, 204);
  assert.deepEqual([await alive(a), await alive(b), await alive(c)], [true, true, false]);
  assert.equal((await send(a, 'POST', '/api/v1/me/sessions/end-others', { body: {} })).status, 204);
  assert.deepEqual([await alive(a), await alive(b), await alive(stranger)], [true, false, true]);
  assert.equal((await security(a)).sessions.length, 1);
  assert.ok((await send(a, 'GET', '/api/v1/me/looks')).json.looks.some((look) => look.part === 'security'));
});

test('a new password: the old one first, other sessions end, the phone is told', async () => {
  const who = s.demo[2];
  const [me, other] = [await signIn(s, who), await signIn(s, who)];
  const change = (before, after, more = {}) => send(me, 'POST', '/api/v1/me/password', { body: { before, after, ...more } });
  const fresh = 'a wholly new one 电池';
  const wrong = await change('not the old one', fresh);
  assert.equal(wrong.status, 403);
  assert.equal(wrong.json.code, 'credentials-wrong');
  assert.equal(wrong.json.field, 'before');
  for (const weak of ['short', '88888888', '12345678', who.phone, who.phone.slice(0, 9), who.password]) {
    const answer = await change(who.password, weak);
    assert.equal(answer.status, 422, weak);
    assert.equal(answer.json.code, 'password-weak');
  }
  assert.equal((await change(who.password, fresh, { person: 'x' })).status, 400);
  assert.ok(await alive(other));
  const told = (await messages(s, who.phone)).length;
  assert.equal((await change(who.password, fresh)).status, 204);
  assert.deepEqual([await alive(me), await alive(other)], [true, false]);
  for (const deadline = Date.now() + 15_000; (await messages(s, who.phone)).length === told; ) {
    assert.ok(Date.now() < deadline, 'no text message came');
    await new Promise((r) => setTimeout(r, 50));
  }
  assert.match((await messages(s, who.phone))[0].text, /密码已更改/);
  assert.equal((await send(me, 'GET', '/api/v1/me/messages')).json.messages.filter((m) => m.kind === 'new_password').length, 1);
  assert.equal((await send({ base: s.base }, 'POST', '/api/v1/sign-in', { body: { login: who.id_number, password: who.password } })).status, 401);
  assert.ok(await alive(await signIn(s, { ...who, password: fresh })));
});

test('five wrong old passwords, then one waits; signing in is not slowed by it', async () => {
  const who = s.demo[3];
  const me = await signIn(s, who);
  const change = (before) => send(me, 'POST', '/api/v1/me/password', { body: { before, after: 'another one, 电池' } });
  for (let n = 0; n < 5; n++) assert.equal((await change('wrong')).status, 403);
  const sixth = await change(who.password);
  assert.equal(sixth.status, 429);
  assert.equal(sixth.json.code, 'wait');
  assert.ok(sixth.json.until);
  assert.ok(await alive(await signIn(s, who)));
});
