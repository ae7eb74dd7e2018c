// From files to an account, by the commands alone.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { makeHome, run } from './support/service.mjs';

let home, city;
before(async () => {
  home = await makeHome();
  city = path.join(path.dirname(home.home), 'city');
  run(['demo', city, '--people', '80', '--seed', '4', '--until', '2026-11-23']);
});
after(() => home?.remove());

test('an absent home becomes a demo home by taking a demo set', () => {
  const first = run(['import', city], { env: home.env });
  assert.match(first.stdout, /becomes a demo home/);
  assert.match(readFileSync(path.join(home.home, 'anju.yaml'), 'utf8'), /demo: true\nclock_start: 2026-11-23/);
  const again = run(['import', city], { env: home.env });
  assert.match(again.stdout, /already taken/);
  assert.deepEqual(JSON.parse(run(['verify', '--json'], { env: home.env }).stdout).faults, []);
});

test('a holder is registered once, with a password that is no toy, and only when money came', () => {
  const truth = readFileSync(path.join(city, 'truth.jsonl'), 'utf8').trim().split('\n').map((l) => JSON.parse(l));
  const holder = truth.find((t) => t.phone && t.last_contribution && t.closed === null);
  const starter = truth.find((t) => t.phone && !t.last_contribution && t.closed === null);
  const register = (t, password, status) =>
    run(['register', '--id', t.id_number, '--phone', t.phone], { env: home.env, input: password + '\n', status });
  assert.match(register(holder, 'short', 2).stderr, /8/);
  register(holder, 'a longer sentence', 0);
  if (starter) register(starter, 'a longer sentence', 1);
  const twice = register(holder, 'another sentence', 1).stderr;
  assert.ok(!twice.includes(holder.id_number) && !twice.includes(holder.phone));
  assert.equal(twice.trim().split('\n').length, 1);
});

test('a home that is no demo takes no demo set, and is unchanged', async () => {
  const other = await makeHome();
  try {
    mkdirSync(other.home, { mode: 0o700 });
    run(['verify'], { env: other.env }); // makes an ordinary home
    assert.match(readFileSync(path.join(other.home, 'anju.yaml'), 'utf8'), /demo: false/);
    const r = run(['import', city], { env: other.env, status: 2 });
    assert.match(r.stderr, /^manifest\.json:1:demo E-DEMO /m);
  } finally {
    await other.remove();
  }
});

test('a set with a changed line is refused with the place, and nothing is made of it', async () => {
  const other = await makeHome();
  const broken = path.join(path.dirname(other.home), 'broken');
  try {
    run(['demo', broken, '--people', '60', '--seed', '5', '--until', '2026-11-23']);
    const file = path.join(broken, 'ledger.csv');
    const lines = readFileSync(file, 'utf8').split('\n');
    const names = lines[0].split(',');
    const cells = lines[7].split(',');
    cells[names.indexOf('YE')] = '1.00';
    lines[7] = cells.join(',');
    writeFileSync(file, lines.join('\n'));
    const r = run(['import', broken], { env: other.env, status: 2 });
    assert.match(r.stderr, /^ledger\.csv:8:YE E-BALANCE /m);
    assert.match(r.stderr, / E-DIGEST /);
    assert.match(r.stderr, /nothing was changed/);
    assert.deepEqual(JSON.parse(run(['verify', '--json'], { env: other.env }).stdout).faults, []);
  } finally {
    await other.remove();
  }
});
