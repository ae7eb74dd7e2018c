// What the centre asks at its own machine: settlements worked out anew, an account on a day.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { makeHome, readDepositors, run, send, signIn, startService } from './support/service.mjs';

const today = '2026-11-23';
const settled = '2026-06-30';

let s;
before(async () => {
  s = await startService({ people: 160, seed: 151 }); // a city with a settlement that is wrong on purpose
});
after(() => s?.stop());

const fen = (yuan) => BigInt(yuan.replace('.', ''));
const ask = (account, day, { env = s.env, status = 0, why = 'A-1' } = {}) =>
  run(['account', account, '--as-of', day, '--staff', '工号 0317', '--why', why, '--json'], { env, status });
const onDay = (...args) => JSON.parse(ask(...args).stdout);
const open = (one) => one.closed === null && one.settlement?.date === settled;

function refused(r, pattern) {
  assert.match(r.stderr, pattern);
  assert.equal(r.stderr.trim().split('\n').length, 1);
  assert.equal(r.stdout, '');
}

test('interest check lists the settlements that were planted wrong, and no other', () => {
  const planted = s.truth.flatMap(({ account, planted: list }) =>
    list.map(({ seq, date, wrong, right }) => ({ account, seq, date, posted: wrong, right, difference: fen(wrong) - fen(right) })),
  );
  assert.ok(planted.length >= 1);
  const r = run(['interest', 'check', '--json'], { env: s.env, status: 1 });
  const report = JSON.parse(r.stdout);
  const byAccount = (a, b) => (a.account < b.account ? -1 : 1);
  assert.deepEqual(report.differences.map((one) => ({ ...one, difference: fen(one.difference) })), planted.sort(byAccount));
  assert.equal(report.difference_count, planted.length);
  assert.equal(report.accounts, s.truth.filter((one) => one.entries > 0).length);
  assert.ok(report.settlements > report.accounts);
  const words = run(['interest', 'check'], { env: s.env, status: 1 }).stdout;
  for (const one of planted) assert.ok(words.includes(`${one.account} ${one.seq}: settlement of ${one.date} posted ${one.posted} and comes to ${one.right}`));
});

test('where every settlement is right, interest check says so with status 0', async () => {
  const small = await makeHome();
  try {
    run(['demo-home', '--people', '12', '--seed', '1', '--until', today], { env: small.env });
    assert.deepEqual(readDepositors(small.home).truth.flatMap((one) => one.planted), []);
    const report = JSON.parse(run(['interest', 'check', '--json'], { env: small.env }).stdout);
    assert.deepEqual([report.differences, report.difference_count, report.unknown], [[], 0, 0]);
    assert.ok(report.settlements > 0);
  } finally {
    await small.remove();
  }
});

test('interest check says how it is called', () => {
  for (const args of [[], ['look'], ['check', '--xml'], ['check', '--json', 'x']]) {
    assert.match(run(['interest', ...args], { env: s.env, status: 64 }).stderr, /anju interest check \[--json\]/);
  }
});

test('today an account holds and has earned what the city says', () => {
  const some = s.truth.filter((one) => one.closed === null && one.entries > 0).slice(0, 8);
  assert.equal(some.length, 8);
  for (const { account, balance, interest_to_date: interest } of some) {
    const day = onDay(account, today);
    assert.deepEqual([day.account, day.as_of, day.to, day.balance, day.interest, day.posted, day.closed], [account, today, today, balance, interest, '0.00', false]);
    assert.equal(day.left_out, 0);
    for (const line of day.lines) assert.equal(fen(line.product), fen(line.balance) * BigInt(line.days), account);
  }
});

test('on 30 June it holds and was paid what the settlement says, also where that was wrong', () => {
  const some = s.truth.filter(open).slice(0, 8);
  assert.equal(some.length, 8);
  for (const { account, settlement } of some) {
    const day = onDay(account, settled);
    assert.deepEqual([day.to, day.balance, day.interest, day.posted], [settled, settlement.balance, settlement.interest, settlement.interest], account);
    const eve = onDay(account, '2026-06-29');
    assert.equal(eve.posted, '0.00');
    assert.ok(fen(eve.balance) <= fen(settlement.balance) - fen(settlement.interest));
  }
  for (const { account, planted } of s.truth.filter((one) => one.planted.length > 0)) {
    const day = onDay(account, planted[0].date);
    assert.deepEqual([day.interest, day.posted], [planted[0].right, planted[0].wrong]);
  }
});

test('a closed account holds nothing from its last day on, and did before', () => {
  const closed = s.truth.find((one) => one.closed > '2010' && one.entries > 20);
  const after = onDay(closed.account, closed.closed);
  assert.equal(after.closed, true);
  assert.equal(after.balance, '0.00');
  assert.equal(after.lines.at(-1).to, after.to);
  assert.ok(after.to < closed.closed);
  assert.deepEqual(onDay(closed.account, today).lines, after.lines);
  const earlier = onDay(closed.account, after.to);
  assert.equal(earlier.closed, false);
  assert.ok(fen(earlier.balance) > 0n);
  assert.equal(earlier.interest, after.interest);
});

test('the next settlement is the last day that can be asked for, the opening the first', () => {
  const one = s.truth.find(open);
  const eve = new Date(Date.parse(one.opened) - 86_400_000).toISOString().slice(0, 10);
  assert.equal(onDay(one.account, '2027-06-30').balance, one.balance);
  assert.equal(onDay(one.account, one.opened).from, one.opened);
  refused(ask(one.account, '2027-07-01', { status: 2 }), /after the next settlement/);
  refused(ask(one.account, eve, { status: 2 }), /not open on that day/);
  refused(ask('0000000000000', today, { status: 1 }), /there is no such account/);
});

test('nobody looks without a name and a case', () => {
  const { account } = s.truth.find(open);
  const whole = ['account', account, '--as-of', today, '--staff', '工号 0317', '--why', 'A-1'];
  const call = (args) => run(args, { env: s.env, status: 64 });
  refused(call(whole.slice(0, 6)), /--why/);
  refused(call([...whole.slice(0, 4), ...whole.slice(6)]), /--staff/);
  refused(call([...whole.slice(0, 7), '']), /--why/);
  refused(call([...whole.slice(0, 7), 'x'.repeat(65)]), /--why/);
  refused(call([...whole.slice(0, 3), '2026-02-30', ...whole.slice(4)]), /--as-of is a date/);
  refused(call([...whole, '--all']), /no such option/);
});

test('the holder sees who looked and why, also when the day could not be answered', async () => {
  const me = await signIn(s, s.demo[0]);
  const looks = async () => (await send(me, 'GET', '/api/v1/me/looks')).json.looks;
  const ofCase = async (why) => (await looks()).filter((one) => one.case_no === why);
  const { account } = s.demo[0];
  ask(account, today, { why: 'B-7' });
  ask(account, '2027-07-01', { why: 'B-8', status: 2 });
  for (const why of ['B-7', 'B-8']) {
    const [one, ...more] = await ofCase(why);
    assert.deepEqual(more, []);
    assert.deepEqual([one.actor_kind, one.actor, one.channel, one.part, one.purpose, one.outcome], ['staff', '工号 0317', 'command', 'interest', 'service', 'shown']);
  }
  const before = (await looks()).length;
  run(['account', account, '--as-of', today, '--staff', '工号 0317', '--json'], { env: s.env, status: 64 });
  assert.equal((await looks()).length, before);
  assert.deepEqual(JSON.parse(run(['verify', '--json'], { env: s.env }).stdout).faults, []);
});
