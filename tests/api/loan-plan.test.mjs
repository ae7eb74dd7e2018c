// anju loan plan: known values, the shape of its answer, and what it refuses.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { run } from './support/service.mjs';

// It needs no home, and makes none.
const folder = mkdtempSync(path.join(os.tmpdir(), 'anju-plan-'));
const env = { ...process.env, ANJU_HOME: path.join(folder, 'home') };
after(() => {
  assert.ok(!existsSync(env.ANJU_HOME));
  rmSync(folder, { recursive: true });
});

const fen = (yuan) => {
  assert.match(yuan, /^\d+\.\d\d$/);
  return BigInt(yuan.replace('.', ''));
};
const plan = (principal, rate, months, method, ...more) => {
  const args = ['--principal', principal, '--rate', rate, '--months', String(months), '--method', method, ...more];
  return JSON.parse(run(['loan', 'plan', ...args, '--json'], { env }).stdout);
};

test('known values', () => {
  const first = (...a) => plan(...a).months[0].payment;
  assert.equal(first('700000.00', '2.60', 360, 'annuity'), '2802.38');
  assert.equal(first('1000000.00', '2.60', 360, 'annuity'), '4003.40');
  assert.equal(first('1000000', '2.85', 360, 'annuity'), '4135.57');
  assert.equal(first('1000000.0', '3.1', 360, 'annuity'), '4270.16');
  assert.equal(first('700000.00', '2.1000', 60, 'annuity'), '12300.08');
  const equal = plan('700000.00', '2.60', 360, 'principal').months[0];
  assert.deepEqual([equal.payment, equal.principal, equal.interest], ['3461.11', '1944.44', '1516.67']);
});

test('a list of months that ends at nothing, each following from the one before', () => {
  for (const [method, months, rate] of [['annuity', 360, '3.0750'], ['principal', 360, '2.6'], ['annuity', 1, '2.60'], ['principal', 7, '0']]) {
    const { months: lines } = plan('699999.99', rate, months, method, '--start', '2026-01-31');
    assert.equal(lines.length, months);
    let left = 69999999n;
    const ppm = BigInt(Math.round(Number(rate) * 10000));
    for (const [i, l] of lines.entries()) {
      assert.deepEqual(Object.keys(l), ['n', 'due', 'payment', 'principal', 'interest', 'balance']);
      assert.equal(l.n, i + 1);
      const interest = (2n * left * ppm + 12000000n) / 24000000n; // half up
      assert.equal(fen(l.interest), interest);
      assert.equal(fen(l.payment), fen(l.principal) + interest);
      left -= fen(l.principal);
      assert.equal(fen(l.balance), left);
    }
    assert.equal(lines.at(-1).balance, '0.00');
  }
});

test('days due: the same day of each month, the last where it is too short', () => {
  const due = (start, months) => plan('1000', '2.60', months, 'principal', '--start', start).months.map((l) => l.due);
  assert.deepEqual(due('2027-12-31', 4), ['2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30']);
  assert.deepEqual(due('2026-02-28', 2), ['2026-03-28', '2026-04-28']);
  const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 7); // in the city
  const [y, m] = today.split('-').map(Number);
  const next = `${m === 12 ? y + 1 : y}-${String((m % 12) + 1).padStart(2, '0')}`;
  assert.equal(plan('1000', '2.60', 1, 'annuity').months[0].due.slice(0, 7), next);
  const once = plan('120000', '2.10', 7, 'once', '--start', '2026-08-31').months;
  assert.deepEqual(once, [
    { n: 1, due: '2027-03-31', payment: '121470.00', principal: '120000.00', interest: '1470.00', balance: '0.00' },
  ]);
});

test('as a table', () => {
  const { stdout } = run(
    ['loan', 'plan', '--principal', '700000', '--rate', '2.6', '--months', '360', '--method', 'annuity', '--start', '2026-11-24'],
    { env },
  );
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 362);
  assert.match(lines[1], /^ +1 +2026-12-24 +2802\.38 +1285\.71 +1516\.67 +698714\.29$/);
  assert.match(lines[360], /^ 360 +2056-11-24 .* 0\.00$/);
  assert.match(lines[361], /^together \d+\.\d\d, of it interest \d+\.\d\d$/);
});

test('wrong input is one line and exit status 64', () => {
  const good = { principal: '700000.00', rate: '2.60', months: '360', method: 'annuity' };
  const refused = (change, ...more) => {
    const args = Object.entries({ ...good, ...change }).flatMap(([k, v]) => (v === null ? [] : [`--${k}`, v]));
    const { stdout, stderr } = run(['loan', 'plan', ...args, ...more, '--json'], { env, status: 64 });
    assert.equal(stdout, '');
    assert.match(stderr, /^anju loan plan: [^\n]+\n$/);
  };
  for (const principal of ['0', '0.00', '-1', '1.234', '1,000', 'x', '', '1e5', '100000000000.01', '.5', '5.', null]) refused({ principal });
  for (const rate of ['2.60001', '-1', '101', '', 'x', '2,6', '2.6%', null]) refused({ rate });
  for (const months of ['0', '361', '12.0', '-3', '', 'x', null]) refused({ months });
  for (const method of ['', 'Annuity', 'x', null]) refused({ method });
  for (const start of ['2026-02-29', '2026-2-1', 'today', '', '2180-01-01']) refused({ start });
  refused({ months: '13', method: 'once' });
  refused({}, '--months', '12');
  refused({}, '--what');
  refused({}, 'more');
  assert.match(run(['loan'], { env, status: 64 }).stderr, /^anju loan: [^\n]+\n$/);
  assert.match(run(['loan', 'what'], { env, status: 64 }).stderr, /^anju loan: [^\n]+\n$/);
});

test('help', () => {
  assert.match(run(['loan', '--help'], { env }).stdout, /anju loan plan/);
  assert.match(run(['loan', 'plan', '--help'], { env }).stdout, /--principal/);
});
