// What a signed-in depositor sees is the truth that the city generator wrote down, to the fen.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { run, send, signIn, startService } from './support/service.mjs';

let s;
const people = []; // everybody who can register, with a session each
before(async () => {
  s = await startService({ people: 300, seed: 3 });
  for (const d of s.demo) people.push({ truth: d, me: await signIn(s, d) });
});
after(() => s?.stop());

const fen = (yuan) => {
  assert.match(yuan, /^-?\d+\.\d\d$/);
  return BigInt(yuan.replace('.', ''));
};
const sum = (list) => list.reduce((a, b) => a + b, 0n);

async function allEntries(me, account = 1) {
  const list = [];
  for (let before = ''; ; ) {
    const { json } = await send(me, 'GET', `/api/v1/me/entries?account=${account}&limit=100${before}`);
    list.push(...json.entries);
    if (!json.more) return list;
    before = `&before=${json.entries.at(-1).seq}`;
  }
}

test('balance, parts and interest to this day', async () => {
  for (const { truth, me } of people) {
    const { json } = await send(me, 'GET', '/api/v1/me/overview');
    const b = json.balance;
    assert.equal(b.principal, truth.balance, truth.account);
    assert.equal(b.interest, truth.interest_to_date, truth.account);
    assert.equal(b.carried, truth.carried);
    assert.equal(b.this_year, truth.this_year);
    assert.equal(fen(b.total), fen(b.principal) + fen(b.interest));
    assert.equal(b.frozen, truth.frozen ?? '0.00');
    assert.equal(fen(b.available), fen(b.principal) - fen(b.frozen));
    assert.equal(json.account.number, truth.account);
    assert.equal(json.today, '2026-11-23');
  }
});

test('every balance is the sum of its entries, on every line', async () => {
  for (const { truth, me } of people) {
    const entries = (await allEntries(me)).reverse();
    let balance = 0n;
    entries.forEach((e, i) => {
      assert.equal(e.seq, i + 1);
      balance += fen(e.amount);
      assert.equal(fen(e.balance), balance, `${truth.account} ${e.seq}`);
    });
    assert.equal(balance, fen(truth.balance));
    assert.equal(entries.length, truth.entries);
  }
});

test('missing and short months are the planted ones', async () => {
  for (const { truth, me } of people) {
    const { json } = await send(me, 'GET', '/api/v1/me/contributions');
    const of = (state) => json.months.filter((m) => m.state === state).map((m) => m.month).sort();
    assert.deepEqual(of('missing'), [...truth.missing].sort(), truth.account);
    assert.deepEqual(of('short'), truth.short.map((m) => m.month ?? m).sort(), truth.account);
    assert.equal(json.strip.consecutive, truth.consecutive_full, truth.account);
    for (const m of json.months) {
      assert.ok(m.due_day > m.month);
      if (m.state === 'full') {
        assert.equal(sum([fen(m.unit_credited), fen(m.own_credited)]), sum([fen(m.unit_due), fen(m.own_due)]));
      }
    }
  }
});

test('the next instalment of a loan', async () => {
  let loans = 0;
  for (const { truth, me } of people) {
    const { json } = await send(me, 'GET', '/api/v1/me/overview');
    if (!truth.loan) continue;
    loans++;
    const loan = json.loans[0];
    assert.equal(loan.balance, truth.loan.balance);
    assert.equal(loan.periods_paid, truth.loan.periods_paid);
    assert.equal(loan.next_due, truth.loan.next_due);
    assert.equal(loan.next_payment, truth.loan.next_payment);
    assert.equal(loan.next_principal, truth.loan.next_principal);
    assert.equal(loan.next_interest, truth.loan.next_interest);
  }
  assert.ok(loans > 0);
});

test('filters of the ledger give just what was asked for', async () => {
  const { me } = people[0];
  const all = await allEntries(me);
  const year = Number(all[0].booked.slice(0, 4)) - 1;
  const { json } = await send(me, 'GET', `/api/v1/me/entries?year=${year}&limit=100`);
  assert.deepEqual(json.entries, all.filter((e) => e.booked.startsWith(String(year))).slice(0, 100));
  const interest = await send(me, 'GET', '/api/v1/me/entries?kind=09&limit=100');
  assert.deepEqual(interest.json.entries, all.filter((e) => e.kind === '09').slice(0, 100));
});

test('a parameter that is none, twice there or out of range is named', async () => {
  const { me } = people[0];
  for (const [query, field] of [
    ['limit=0', 'limit'], ['limit=101', 'limit'], ['limit=1&limit=2', 'limit'], ['kind=16', 'kind'],
    ['kind=01%20OR%201=1', 'kind'], ['year=99999', 'year'], ['before=-1', 'before'], ['account=9', 'account'],
    ['order=amount', undefined], ['sort=', undefined], ['limit', 'limit'], ['=', undefined],
  ]) {
    const { status, json } = await send(me, 'GET', `/api/v1/me/entries?${query}`);
    assert.equal(status, 400, query);
    assert.equal(json.code, 'parameter-invalid', query);
    assert.equal(json.field, field, query);
  }
});

test("one's own other accounts can be read by position, and no further", async () => {
  const merged = people.find(({ truth }) => truth.demo === 5);
  const { json } = await send(merged.me, 'GET', '/api/v1/me/overview');
  assert.equal(json.other_accounts.length, 1);
  assert.equal(json.other_accounts[0].state, '03');
  assert.equal(json.other_accounts[0].merged_into, json.account.number);
  const old = (await allEntries(merged.me, 2)).reverse();
  assert.equal(old.at(-1).balance, '0.00');
  assert.equal((await send(merged.me, 'GET', '/api/v1/me/entries?account=3')).status, 404);
});

test('a frozen part is said apart, by whom and since when', async () => {
  const { truth, me } = people.find((p) => p.truth.demo === 4);
  const { json } = await send(me, 'GET', '/api/v1/me/overview');
  assert.ok(fen(json.balance.frozen) > 0n);
  assert.equal(json.balance.frozen_by, '示范市人民法院');
  assert.ok(json.balance.frozen_since);
  assert.equal(json.balance.principal, truth.balance);
});

test('verify finds nothing wrong while the service runs', () => {
  const r = run(['verify', '--json'], { env: s.env });
  assert.deepEqual(JSON.parse(r.stdout).faults, []);
});
