// 消息: what a holder should be told, with the figures of the ledger, each once, and until when read.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { run, send, signIn, startService } from './support/service.mjs';

let s;
before(async () => {
  s = await startService({ people: 120, seed: 13 });
});
after(() => s?.stop());

const get = async (me, where) => (await send(me, 'GET', where)).json;
async function all(me) {
  const found = [];
  for (;;) {
    const page = await get(me, `/api/v1/me/messages?limit=7&skip=${found.length}`);
    found.push(...page.messages);
    if (!page.more) return { ...page, messages: found };
  }
}
const yearBefore = (day) => new Date(Date.parse(day) - 366 * 86_400_000).toISOString().slice(0, 10);
const plusDay = (day) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

for (const n of [0, 1, 2, 3, 4, 5]) {
  test(`depositor ${n + 1}: every entry with money of the last year is told once, with its figures`, async () => {
    const me = await signIn(s, s.demo[n]);
    const { messages, today } = await all(me);
    const { entries } = await get(me, '/api/v1/me/entries?limit=100');
    const wanted = entries.filter((e) => e.amount !== '0.00' && e.booked >= yearBefore(today));
    const told = messages.filter((m) => ['contribution', 'interest', 'money', 'correction'].includes(m.kind));
    const facts = (list, of) => list.map(of).sort();
    assert.deepEqual(
      facts(told, (m) => [m.number, m.day, m.cause, m.month, (m.direction === 'out' ? '-' : '') + m.amount, m.balance].join()),
      facts(wanted, (e) => [e.seq, e.booked, e.kind, e.for_month, e.amount, e.balance].join()),
    );
    for (const m of told) {
      if (m.kind === 'contribution') assert.ok(['01', '02'].includes(m.cause) && m.month && m.direction === 'in');
      assert.equal(m.kind === 'interest', m.cause === '09' && m.kind !== 'correction');
    }
    const { months } = await get(me, '/api/v1/me/contributions');
    const gaps = months.filter((k) => ['missing', 'short'].includes(k.state) && plusDay(k.due_day) >= yearBefore(today));
    assert.deepEqual(
      facts(messages.filter((m) => ['missing', 'short'].includes(m.kind)), (m) => [m.kind, m.month, m.day].join()),
      facts(gaps, (k) => [k.state, k.month, plusDay(k.due_day)].join()),
    );
    const { applications } = await get(me, '/api/v1/me/withdrawals');
    assert.deepEqual(
      facts(messages.filter((m) => m.kind === 'application'), (m) => [m.ref, m.step, m.day, m.cause, m.amount].join()),
      facts(applications.flatMap((a) => a.steps.filter((k) => k.day >= yearBefore(today)).map((k) => [a.number, k.kind, k.day, a.reason, a.amount])), String),
    );
    const { loan } = await get(me, '/api/v1/me/loan');
    const overdue = messages.filter((m) => m.kind === 'loan_overdue');
    assert.deepEqual(overdue.map((m) => m.count), loan?.overdue_periods ? [loan.overdue_periods] : []);
    // Newest first, each once, and the same list however it is cut.
    assert.deepEqual(messages.map((m) => m.day), messages.map((m) => m.day).sort().reverse());
    assert.equal(new Set(messages.map((m) => m.id)).size, messages.length);
    assert.deepEqual((await get(me, '/api/v1/me/messages?limit=100')).messages, messages.slice(0, 100));
  });
}

test('unread until they are read, and a mark does not go back', async () => {
  const me = await signIn(s, s.demo[0]);
  const before = await get(me, '/api/v1/me/messages');
  assert.equal(before.unread, before.messages.filter((m) => m.unread).length);
  assert.ok(before.unread > 0, 'a month has gone by');
  const read = (mark) => send(me, 'POST', '/api/v1/me/messages/read', { body: { mark } });
  assert.equal((await read(before.mark)).status, 204);
  const after = await get(me, '/api/v1/me/messages?limit=1');
  assert.equal(after.unread, 0);
  assert.equal((await read(1)).status, 204);
  assert.equal((await get(me, '/api/v1/me/messages?limit=1')).unread, 0);
  // One from the future counts as now: what comes after it is unread.
  assert.equal((await read(after.mark + 10 ** 10)).status, 204);
  assert.equal((await send(me, 'POST', '/api/v1/me/freezes', { body: {} })).status, 201);
  const stopped = await get(me, '/api/v1/me/messages?limit=2');
  assert.equal(stopped.unread, 1);
  assert.equal(stopped.messages[0].kind, 'stop');
  assert.equal(stopped.messages[0].unread, true);
  for (const body of [{}, { mark: 'x' }, { mark: 0 }, { mark: 1, more: 1 }]) {
    assert.equal((await send(me, 'POST', '/api/v1/me/messages/read', { body })).status, 400);
  }
});

test('the number unread is the same however few are asked for', async () => {
  const DAY = 86_400_000;
  for (const n of [1, 3, 4, 5]) {
    const me = await signIn(s, s.demo[n]);
    const { messages } = await all(me);
    const { mark: now } = await get(me, '/api/v1/me/messages?limit=1');
    const last = new Map(); // an application's last step: it came with the set, as the entries did
    for (const m of messages) if (m.kind === 'application' && !(last.get(m.ref)?.day >= m.day)) last.set(m.ref, m);
    const came = (m) => ['contribution', 'interest', 'money', 'correction'].includes(m.kind) || last.get(m.ref) === m;
    for (const ago of [370, 200, 90, 20, 0]) {
      const mark = now - ago * DAY;
      assert.equal((await send(me, 'POST', '/api/v1/me/messages/read', { body: { mark } })).status, 204);
      const day = new Date(mark + 8 * 3_600_000).toISOString().slice(0, 10);
      const wanted = ago === 0 ? 0 : messages.filter((m) => m.day > day || came(m)).length;
      for (const limit of [1, 2, 9, 100]) {
        const answer = await get(me, `/api/v1/me/messages?limit=${limit}`);
        assert.equal(answer.unread, wanted, `depositor ${n + 1}, ${ago} days ago, ${limit} asked for`);
        assert.deepEqual(answer.messages.map((m) => m.id), messages.slice(0, limit).map((m) => m.id));
        assert.equal(answer.more, messages.length > limit);
      }
    }
  }
});

test('a device not seen before, and an answer of the centre', async () => {
  const desktop = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
  const phone = { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Mobile Safari' };
  const kinds = async (me) => (await get(me, '/api/v1/me/messages')).messages.filter((m) => m.at).map((m) => [m.kind, m.ref]);
  let me = await signIn(s, s.demo[2]);
  // The first sign-in ever was in a test above, without a device of a phone.
  assert.deepEqual(await kinds(me), []);
  me = await signIn(s, s.demo[2], { headers: desktop });
  assert.deepEqual(await kinds(me), []);
  me = await signIn(s, s.demo[2], { headers: phone });
  assert.deepEqual(await kinds(me), [['sign_in', 'phone']]);
  me = await signIn(s, s.demo[2], { headers: phone });
  assert.deepEqual(await kinds(me), [['sign_in', 'phone']]);
  const asked = await send(me, 'POST', '/api/v1/me/enquiries', {
    body: { key: 'a-key-for-a-message', about: 'other', ref: '', account: 1, words: '为什么？' },
  });
  run(['enquiry', 'answer', asked.json.number, '--staff', '工号 0317'], { env: s.env, input: '这样。' });
  assert.deepEqual(await kinds(me), [['answer', String(asked.json.seq)], ['sign_in', 'phone']]);
});
