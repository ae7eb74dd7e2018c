// Withdrawals, at the command line and by the holder in the hall: each step once, what a dry run says is
// what is then done, and verify holds after them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { makeHome, readDepositors, run, send, signIn, startService } from './support/service.mjs';

const STAFF = ['--staff', '0317'];
let place, demo, service;
before(async () => {
  place = await makeHome();
  run(['demo-home', '--people', '20', '--seed', '7', '--until', '2026-11-23'], place);
  ({ demo } = readDepositors(place.home));
});
after(async () => {
  await service?.stop({ remove: false });
  await place?.remove();
});

const withdraw = (args, status = 0) => run(['withdraw', ...args], { env: place.env, status });
const step = (args, status) => {
  const end = withdraw([...args, ...STAFF, '--json'], status);
  return end.stdout ? JSON.parse(end.stdout).done[0] : end.stderr;
};
const rent = (more) => ['apply', '--account', demo[0].account, '--ground', 'rent', '--months-from', '2026-09', '--months', '3', ...more];
const balance = () =>
  JSON.parse(run(['account', demo[0].account, '--as-of', '2026-11-23', ...STAFF, '--why', 'T', '--json'], place).stdout).balance;
const fen = (amount) => BigInt(amount.replace('.', ''));

test('rent: applied for, accepted, approved, paid; each step once', () => {
  const had = fen(balance());
  const dry = step([...rent(['--key', 'F1', '--amount', '5100.00']), '--dry-run']);
  const applied = step(rent(['--key', 'F1', '--amount', '5100.00']));
  assert.deepEqual(applied, { ...dry, already: false }); // a dry run says what is then done
  assert.deepEqual(step(rent(['--key', 'F1', '--amount', '5100.00'])), { ...applied, already: true });
  assert.match(step(rent(['--key', 'F1', '--amount', '5000.00']), 1), /another operation/);
  assert.match(step(rent(['--key', 'F2', '--amount', '100.00']), 1), /applied for before/);
  const number = applied.number;

  assert.match(step(['pay', number], 1), /received: this step does not follow/);
  assert.match(step(['decide', number, '--decision', 'approve'], 1), /not accepted yet/);
  assert.equal(step(['accept', number]).decide_by, '2026-11-26');
  assert.equal(step(['decide', number, '--decision', 'approve']).state, 'approved');
  assert.match(step(['cancel', number], 1), /approved: this step does not follow/);
  const paid = step(['pay', number]);
  assert.equal(paid.state, 'paid');
  assert.deepEqual(step(['pay', number]), { ...paid, already: true });
  assert.equal(had - fen(balance()), 510000n);
  run(['verify'], place);
});

test('a file is done whole or not at all', () => {
  const file = path.join(place.home, 'apply.csv');
  const head = 'key,account,ground,amount,spent,spent_on,document\n';
  const good = `G1,${demo[5].account},repayment,1000.00,1500.00,2026-11-01,HK-1\n`;
  writeFileSync(file, `${head}${good}G2,${demo[5].account},repayment,600.00,1500.00,2026-11-01,HK-1\n`);
  assert.match(withdraw(['apply', '--file', file, ...STAFF], 1).stderr, /^anju withdraw: line 3: at most 500\.00 yuan[^\n]*\n$/);
  assert.equal(withdraw(['list', '--json']).stdout.trim(), '[]');
  writeFileSync(file, `${head}${good}G2,${demo[5].account},repayment,500.00,1500.00,2026-11-01,HK-1\n`);
  assert.equal(JSON.parse(withdraw(['apply', '--file', file, ...STAFF, '--json']).stdout).done.length, 2);
  assert.equal(JSON.parse(withdraw(['list', '--json']).stdout).length, 2);
  run(['verify'], place);
});

test('wrong input is one line and changes nothing', () => {
  for (const args of [
    ['apply', '--key', 'K', '--account', '999', '--ground', 'rent', ...STAFF],
    ['apply', '--key', 'K', '--account', demo[0].account, '--ground', 'holiday', '--amount', '1.00', ...STAFF],
    ['apply', '--key', 'K', '--account', demo[0].account, '--ground', 'decoration', '--amount', '1.00', ...STAFF],
    ['apply', '--key', 'K', '--account', demo[0].account, '--ground', 'rent', '--amount', '-1.00', ...STAFF],
    ['pay', 'T999', ...STAFF],
    ['pay', 'T000000001'],
    ['list', '--state', 'lost'],
    ['borrow'],
  ]) {
    const end = withdraw(args, null);
    assert.notEqual(end.status, 0, args.join(' '));
    assert.match(end.stderr, /^anju[^\n]*\n$/, args.join(' '));
    assert.equal(end.stdout, '');
  }
  assert.equal(JSON.parse(withdraw(['list', '--json']).stdout).length, 2);
});

// --- the hall ---

const HALL = '/api/v1/me/withdrawals';
const EMPTY = { account: 1, amount: '', months_from: '', months: 0, spent: '', spent_on: '', document: '' };
const form = (key, ground, more) => ({ ...EMPTY, key, ground, ...more });
const RENT = { months_from: '2026-09', months: 3 };
const list = async (me) => (await send(me, 'GET', HALL)).json.applications;
async function ask(me, body, status = 201) {
  const answer = await send(me, 'POST', HALL, { body: { dry_run: false, ...body } });
  assert.equal(answer.status, status, answer.text);
  return answer.json;
}
const dry = (me, body) => ask(me, { ...body, dry_run: true }, 200);
let me;

test('the hall says what may be applied for, and what begins at a counter', async () => {
  service = await startService({ home: place });
  me = await signIn(service, demo[3]);
  const { json } = await send(me, 'GET', `${HALL}/grounds`);
  const refusal = Object.fromEntries(json.grounds.map((g) => [g.ground, g.refusal]));
  assert.equal(refusal.rent, null);
  assert.equal(refusal.purchase, 'at-counter');
  assert.equal(refusal.retirement, 'part-frozen', 'an account that is frozen in part is not closed');
  assert.equal(refusal.rent_share, undefined, 'a ground of earlier is not there');
  assert.deepEqual([json.balance, json.frozen, json.waiting], [demo[3].balance, demo[3].frozen, '0.00']);
  assert.deepEqual([json.rent_month, json.rent_year, json.rent_full_months], ['1700.00', '20400.00', 3]);
  const sealed = await signIn(service, demo[2]);
  assert.deepEqual((await send(sealed, 'GET', `${HALL}/grounds`)).json.grounds.find((g) => g.ground === 'retirement').refusal, null);
});

test('a dry run says what is then done; a form sent twice is one application', async () => {
  const room = await dry(me, form('H1', 'rent', RENT));
  assert.deepEqual([room.refusal, room.most, room.amount, room.number], [null, '5100.00', '0.00', null]);
  assert.equal((await dry(me, form('H1', 'rent', { ...RENT, amount: '5100.01' }))).refusal, 'amount');
  const said = await dry(me, form('H1', 'rent', { ...RENT, amount: '5100.00' }));
  assert.equal((await list(me)).length, 0, 'a dry run leaves nothing');
  const done = await ask(me, form('H1', 'rent', { ...RENT, amount: '5100.00' }));
  assert.deepEqual({ ...done, number: null, dry_run: true }, said);
  const again = await ask(me, form('H1', 'rent', { ...RENT, amount: '5100.00' }));
  assert.deepEqual([again.replay, again.number, again.amount], [true, done.number, '5100.00']);
  assert.equal((await ask(me, form('H1', 'rent', { ...RENT, amount: '5000.00' }), 409)).code, 'key-reused');
  const [mine, ...more] = await list(me);
  assert.deepEqual([mine.number, mine.amount, mine.state, mine.cancellable, more.length], [done.number, '5100.00', '01', true, 0]);
  const after_ = (await send(me, 'GET', `${HALL}/grounds`)).json;
  assert.equal(after_.waiting, '5100.00');
  // It is the command's own application, with its steps.
  assert.equal(step(['accept', done.number]).decide_by, '2026-11-26');
});

test('why not is said, and nothing is left behind', async () => {
  const why = async (body) => {
    const said = await dry(me, body);
    assert.equal((await ask(me, { ...body, amount: body.amount || '1.00' }, 409)).code, 'not-possible');
    return [said.refusal, said.wanted, said.has];
  };
  assert.deepEqual(await why(form('H2', 'rent', RENT)), ['before', 0, 0]);
  assert.deepEqual(await why(form('H2', 'rent', { months_from: '2026-11', months: 2 })), ['to-come', 0, 0]);
  assert.deepEqual(await why(form('H2', 'purchase', { spent: '900000.00', spent_on: '2026-11-01', document: 'GF-1' })), ['at-counter', 0, 0]);
  assert.deepEqual(await why(form('H2', 'rent_share', RENT)), ['no-ground', 0, 0]);
  assert.deepEqual(await why(form('H2', 'decoration', { spent: '900.00', spent_on: '2026-11-24', document: 'ZX-1' })), ['to-come', 0, 0]);
  const starter = await signIn(service, demo[1]);
  assert.deepEqual(await dry(starter, form('H2', 'rent', { months_from: '2026-10', months: 1 })).then((o) => [o.refusal, o.wanted, o.has]), ['full-months', 3, 1]);
  assert.equal((await list(me)).length, 1);
  for (const [field, body] of [
    ['amount', form('H3', 'rent', { ...RENT, amount: '1.005' })], ['amount', form('H3', 'rent', { ...RENT, amount: '-1.00' })],
    ['months', form('H3', 'rent', { months_from: '2026-09', months: 13 })], ['months_from', form('H3', 'rent', { months_from: '2026-13', months: 1 })],
    ['spent_on', form('H3', 'decoration', { spent: '1.00', spent_on: '2026-02-30', document: 'x' })],
    [undefined, form('H3', 'rent', { amount: '1.00' })], [undefined, form('H3', 'decoration', { spent: '10.00', spent_on: '2026-11-01', amount: '1.00' })],
    [undefined, { ...form('H3', 'rent', RENT), household: demo[0].account }], ['account', form('H3', 'rent', { ...RENT, account: 9 })],
  ]) {
    const { code, field: named } = await ask(me, body, 400);
    assert.deepEqual([code, named], ['body-malformed', field], JSON.stringify(body));
  }
  await ask(me, form('H3', 'rent', { ...RENT, amount: '1.00', account: 2 }), 404);
});

test('it is taken back until it is decided, and by nobody else', async () => {
  const cancel = async (who, number, status) => assert.equal((await send(who, 'POST', `${HALL}/cancel`, { body: { number } })).status, status, number);
  const other = await signIn(service, demo[5]);
  const { number } = await ask(me, form('H4', 'property_fee', { spent: '900.00', spent_on: '2026-11-02', document: 'WY-1', amount: '900.00' }));
  await cancel(other, number, 404);
  await cancel(me, number, 204);
  await cancel(me, number, 204);
  await cancel(other, number, 404); // also when the answer is there already
  await cancel(me, 'T999999999', 404);
  const taken = (await list(me)).find((one) => one.number === number);
  assert.deepEqual([taken.state, taken.cancellable, taken.steps.map((s) => s.kind)], ['05', false, ['01', '06']]);
  const rentNumber = (await list(me)).find((one) => one.number !== number).number;
  step(['decide', rentNumber, '--decision', 'approve']);
  await cancel(me, rentNumber, 409);
  // Who looked, and what came of it, is on the holder's lists.
  assert.ok((await send(me, 'GET', '/api/v1/me/looks')).json.looks.some((look) => look.part === 'withdrawals'));
});

test('so many applications a day, and no more', async () => {
  const other = await signIn(service, demo[5]);
  const body = (n) => form(`D${n}`, 'property_fee', { spent: '100.00', spent_on: '2026-11-02', document: `WY-${n}`, amount: '10.00' });
  const left = 10 - (await list(other)).filter((one) => one.applied === '2026-11-23').length;
  for (let n = 0; n < left; n++) await ask(other, body(n));
  const late = await ask(other, body(left), 429);
  assert.deepEqual([late.code, late.until.slice(0, 16)], ['wait', '2026-11-24T00:00']);
  assert.equal((await ask(other, body(0))).replay, true, 'what was applied for before is answered all the same');
  run(['verify'], place);
});
