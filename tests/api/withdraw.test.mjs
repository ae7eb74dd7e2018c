// anju withdraw: the steps of a withdrawal at the command line, each once; verify holds after them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { makeHome, readDepositors, run } from './support/service.mjs';

const STAFF = ['--staff', '0317'];
let place, demo;
before(async () => {
  place = await makeHome();
  run(['demo-home', '--people', '20', '--seed', '7', '--until', '2026-11-23'], place);
  ({ demo } = readDepositors(place.home));
});
after(() => place?.remove());

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
