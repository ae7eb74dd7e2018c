// 谁看过我的账户: every look is on the list before the data is shown.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { run, send, signIn, startService } from './support/service.mjs';

let s;
before(async () => {
  s = await startService({ people: 120, seed: 9 });
});
after(() => s?.stop());

const looks = async (me, query = '') => (await send(me, 'GET', `/api/v1/me/looks${query}`)).json;
const desktop = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
const phone = { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Mobile Safari' };

test('each part is one line, repeated looks within 15 minutes are none', async () => {
  const me = await signIn(s, s.demo[0]);
  for (let i = 0; i < 5; i++) {
    await send(me, 'GET', '/api/v1/me/overview', { headers: desktop });
    await send(me, 'GET', '/api/v1/me/entries?limit=1', { headers: desktop });
  }
  const list = (await send(me, 'GET', '/api/v1/me/looks', { headers: desktop })).json.looks;
  assert.deepEqual(list.map((l) => l.part), ['looks', 'ledger', 'overview']);
  for (const l of list) {
    assert.equal(l.actor_kind, 'holder');
    assert.equal(l.channel, 'web');
    assert.equal(l.purpose, 'own');
    assert.equal(l.outcome, 'shown');
    assert.equal(l.place, 'desktop');
  }
  assert.deepEqual(list.map((l) => l.seq), [3, 2, 1]);
});

test('a second session within 15 minutes adds nothing, another kind of device does', async () => {
  const again = await signIn(s, s.demo[0]);
  await send(again, 'GET', '/api/v1/me/overview', { headers: desktop });
  let list = (await send(again, 'GET', '/api/v1/me/looks', { headers: desktop })).json.looks;
  assert.equal(list.length, 3);
  await send(again, 'GET', '/api/v1/me/overview', { headers: phone });
  list = (await send(again, 'GET', '/api/v1/me/looks', { headers: desktop })).json.looks;
  assert.equal(list.length, 4);
  assert.equal(list[0].place, 'phone');
});

test('many first looks at once make one line of each part, and the chain stays whole', async () => {
  const me = await signIn(s, s.demo[1]);
  const parts = ['overview', 'contributions', 'entries', 'looks'];
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => send(me, 'GET', `/api/v1/me/${parts[i % 4]}`, { headers: desktop })),
  );
  for (const a of answers) assert.equal(a.status, 200);
  const list = (await looks(me)).looks;
  assert.equal(list.length, 4);
  assert.deepEqual(list.map((l) => l.seq), [4, 3, 2, 1]);
  assert.deepEqual(JSON.parse(run(['verify', '--json'], { env: s.env }).stdout).faults, []);
});

test('the list goes back page by page', async () => {
  const me = await signIn(s, s.demo[0]);
  const all = (await looks(me, '?limit=100')).looks;
  const first = await looks(me, '?limit=1');
  assert.equal(first.more, true);
  const second = await looks(me, `?limit=1&before=${first.looks[0].seq}`);
  assert.deepEqual([...first.looks, ...second.looks], all.slice(0, 2));
});

test('stopping payments works once, shows at once, and is a look of its own', async () => {
  const me = await signIn(s, s.demo[2]);
  assert.equal((await send(me, 'GET', '/api/v1/me/overview')).json.balance.own_freeze_since, null);
  const stop = await send(me, 'POST', '/api/v1/me/freezes', { body: {} });
  assert.equal(stop.status, 201);
  assert.equal((await send(me, 'GET', '/api/v1/me/overview')).json.balance.own_freeze_since, stop.json.at);
  const twice = await send(me, 'POST', '/api/v1/me/freezes', { body: {} });
  assert.equal(twice.status, 409);
  assert.equal(twice.json.code, 'already-frozen');
  assert.ok((await looks(me)).looks.some((l) => l.part === 'freeze'));
});

test('the centre lifts it at the counter: seen among the messages and the looks, once', async () => {
  const me = await signIn(s, s.demo[2]);
  const freeze = (what, { status = 0, more = ['--staff', '工号 0317', '--why', 'C-1', '--json'] } = {}) =>
    run(['freeze', what, s.demo[2].account, ...more], { env: s.env, status });
  const since = (await send(me, 'GET', '/api/v1/me/security')).json.payments_stopped_since;
  assert.ok(since);
  const at = (instant) => Math.floor(Date.parse(instant) / 1000);
  assert.equal(at(JSON.parse(freeze('show').stdout).stopped_since), at(since));
  const lifted = JSON.parse(freeze('lift').stdout);
  assert.equal(at(lifted.stopped_since), at(since));
  assert.ok(at(lifted.lifted_at) >= at(since));
  assert.equal(JSON.parse(freeze('show').stdout).stopped_since, null);
  assert.equal((await send(me, 'GET', '/api/v1/me/security')).json.payments_stopped_since, null);
  assert.equal((await send(me, 'GET', '/api/v1/me/overview')).json.balance.own_freeze_since, null);
  assert.equal((await send(me, 'GET', '/api/v1/me/messages?limit=1')).json.messages[0].kind, 'lift');
  assert.match(freeze('lift', { status: 1 }).stderr, /^anju freeze: the holder has not stopped payments\n$/);
  const of = (await looks(me)).looks.filter((l) => l.case_no === 'C-1');
  assert.equal(of.length, 4);
  for (const l of of) assert.deepEqual([l.actor_kind, l.actor, l.channel, l.part], ['staff', '工号 0317', 'command', 'freeze']);
  // Nobody lifts without a name and a case, and not of an account that is not there.
  assert.match(freeze('lift', { status: 64, more: ['--staff', 'x'] }).stderr, /^anju freeze: --staff [^\n]*--why[^\n]*\n$/);
  assert.match(freeze('list', { status: 64 }).stderr, /^anju freeze: anju freeze show ACCOUNT[^\n]*\n$/);
  const nobody = run(['freeze', 'lift', '999', '--staff', 'x', '--why', 'y'], { env: s.env, status: 1 });
  assert.match(nobody.stderr, /^anju freeze: [^\n]*no such account\n$/);
  // It can be stopped again.
  assert.equal((await send(me, 'POST', '/api/v1/me/freezes', { body: {} })).status, 201);
  assert.match(freeze('lift', { more: ['--staff', 'x', '--why', 'C-2'] }).stdout, /is lifted at/);
  assert.deepEqual(JSON.parse(run(['verify', '--json'], { env: s.env }).stdout).faults, []);
});
