// anju loan: orders and the city's collection on a demo home. Wrong input is one line and changes
// nothing; a key is posted once; a dry run says what the operation then does; verify agrees.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { makeHome, readDepositors, run } from './support/service.mjs';

let place, account;
before(async () => {
  place = await makeHome();
  run(['demo-home', '--people', '100', '--seed', '7', '--until', '2026-11-23'], place);
  const { truth } = readDepositors(place.home);
  account = truth.find((one) => !one.loan && one.demo).account;
  const settings = path.join(place.home, 'anju.yaml');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('clock_start: 2026-11-23', 'clock_start: 2026-12-28'));
});
after(() => place?.remove());

const loan = (...args) => run(['loan', ...args], { env: place.env, status: null });
const who = () => ['--staff', '0317', '--account', account];
const contract = (key, amount, more = []) =>
  loan('contract', '--key', key, ...who(), '--contract', 'HT1', '--date', '2026-11-24', '--amount', amount, '--months', '360', '--method', 'annuity', '--due-day', '15', '--guarantee', '1', '--bank', '示范银行', '--json', ...more);

test('an order is posted once, and a dry run says what it then does', () => {
  assert.equal(JSON.parse(contract('C1', '700000.00', ['--dry-run']).stdout).dry_run, true);
  const first = JSON.parse(contract('C1', '700000.00').stdout);
  assert.equal(first.already, false);
  assert.deepEqual(JSON.parse(contract('C1', '700000.00').stdout), { ...first, already: true });
  const other = contract('C1', '700001.00');
  assert.equal(other.status, 1);
  assert.match(other.stderr, /^anju loan contract: the key C1 [^\n]*\n$/);
  const out = ['pay-out', '--key', 'P1', ...who(), '--contract', 'HT1', '--loan', 'DK1', '--date', '2026-11-24', '--json'];
  const said = JSON.parse(loan(...out, '--dry-run').stdout).answer;
  assert.deepEqual(JSON.parse(loan(...out).stdout).answer, said);
  assert.equal(said.next_payment, '2802.38');
});

test('the city is collected once, with the returned ones overdue', () => {
  const file = path.join(place.home, 'returned.csv');
  writeFileSync(file, `account,loan\n${account},DK1\n`);
  const args = ['collect', '--date', '2026-12-20', '--returned', file, '--json'];
  const dry = JSON.parse(loan(...args, '--dry-run').stdout);
  const done = JSON.parse(loan(...args).stdout);
  assert.ok(done.collected > 0 && done.missed > 0);
  assert.deepEqual([done.collected, done.missed, done.principal, done.interest], [dry.collected, dry.missed, dry.principal, dry.interest]);
  const again = JSON.parse(loan(...args).stdout);
  assert.deepEqual([again.already, again.changed_now, again.collected], [true, 0, done.collected]);
});

test('a file is done whole or not at all', () => {
  const file = path.join(place.home, 'orders.csv');
  // 13 days: 1,285.71 x 2.6 % x 1.5 x 13 / 360 = 1.81
  const good = `pay,Z1,${account},DK1,2026-12-28,2804.19,\n`;
  writeFileSync(file, `operation,key,account,loan,date,amount,then\n${good}pay,Z2,${account},DK1,2026-12-28,5000000.00,lower\n`);
  const refused = loan('file', file, '--staff', '0317');
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^anju loan file: line 3: [^\n]*nothing of the file was posted\n$/);
  writeFileSync(file, `operation,key,account,loan,date,amount,then\n${good}`);
  const done = JSON.parse(loan('file', file, '--staff', '0317', '--json').stdout);
  assert.equal(done.already, false);
  assert.equal(done.answer.penalty, '1.81');
});

test('wrong input is one line, and verify finds nothing wrong at the end', () => {
  for (const args of [
    ['pay', '--key', 'X', ...who(), '--loan', 'DK1', '--date', '2026-12-28', '--amount', '1.234'],
    ['pay', '--key', 'X', ...who(), '--loan', 'DK9', '--date', '2026-12-28', '--amount', '1.00'],
    ['pay', '--key', 'X', ...who(), '--loan', 'DK1', '--date', '2026-12-29', '--amount', '1.00'],
    ['settle', '--key', 'X', ...who(), '--loan', 'DK1', '--date', 'soon'],
    ['reverse', '--key', 'X', ...who(), '--loan', 'DK1', '--act', '1', '--reason', '105'],
    ['collect', '--date', '2027-12-20'],
    ['collect', '--date', '2026-12-20', '--returned', '/nowhere'],
    ['reprice', '--date', '2026-06-30'],
    ['file', '/nowhere', '--staff', '0317'],
  ]) {
    const end = loan(...args);
    assert.notEqual(end.status, 0, args.join(' '));
    assert.equal(end.stdout, '', args.join(' '));
    assert.match(end.stderr, /^anju loan [^\n]*\n$/, args.join(' '));
  }
  assert.match(run(['verify'], { env: place.env }).stdout, /all of it follows/);
});
