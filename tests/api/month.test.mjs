// A month laid open, the whole life by months, and the offices: held against an arithmetic of their
// own and against the other answers about the same account.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run, send, signIn, startService } from './support/service.mjs';

let s;
const people = [];
before(async () => {
  s = await startService({ people: 300, seed: 5 });
  for (const d of s.demo) people.push({ truth: d, me: await signIn(s, d) });
});
after(() => s?.stop());

const fen = (yuan) => BigInt(yuan.replace('.', ''));
const yuan = (n) => `${n < 0n ? '-' : ''}${String(n < 0n ? -n : n).padStart(3, '0').replace(/(\d\d)$/, '.$1')}`;
/** base × ratio to the whole yuan, half up. */
const share = (base, ratio) => yuan(((fen(base) * fen(ratio) + 500_000n) / 1_000_000n) * 100n);
const open = (me, month, account = 1) =>
  send(me, 'GET', `/api/v1/me/contributions/month?account=${account}&year=${Number(month.slice(0, 4))}&month=${Number(month.slice(5))}`);

async function entriesOf(me) {
  const list = [];
  for (let before = ''; ; ) {
    const { json } = await send(me, 'GET', `/api/v1/me/entries?limit=100${before}`);
    list.push(...json.entries);
    if (!json.more) return list.reverse();
    before = `&before=${json.entries.at(-1).seq}`;
  }
}

test('every month of the demo people: the shares, the credits, the same month as in the list', async () => {
  for (const { truth, me } of people) {
    const { months, strip } = (await send(me, 'GET', '/api/v1/me/contributions')).json;
    const entries = await entriesOf(me);
    for (const month of months) {
      const { status, json } = await open(me, month.month);
      const what = `${truth.account} ${month.month}`;
      assert.equal(status, 200, what);
      assert.deepEqual(json.month, month, what);
      assert.equal(json.shares.unit, share(month.base, month.unit_ratio), what);
      assert.equal(json.shares.own, share(month.base, month.own_ratio), what);
      assert.equal(fen(json.shares.unit_exact), (fen(month.base) * fen(month.unit_ratio)) , what);
      const booked = entries.filter((e) => e.for_month === month.month && (e.kind === '01' || e.kind === '02'));
      assert.deepEqual(json.credits.map((c) => c.seq), booked.map((e) => e.seq), what);
      const total = json.credits.reduce((sum, c) => sum + fen(c.unit_amount) + fen(c.own_amount), 0n);
      assert.equal(total, fen(month.unit_credited) + fen(month.own_credited), what);
      for (const credit of json.credits) assert.equal(credit.reversed, entries.some((e) => e.reverses === credit.seq), what);
      if (month.state === 'missing' || month.state === 'short') assert.equal(json.consecutive, 0, what);
    }
    const newest = months.find((m) => m.state !== 'awaited');
    if (newest) assert.equal((await open(me, newest.month)).json.consecutive, strip.consecutive, truth.account);
  }
});

test('limits are those of the date, and before 2025 none is made up', async () => {
  let known = 0;
  let unknown = 0;
  for (const { me } of people) {
    for (const { month } of (await send(me, 'GET', '/api/v1/me/contributions')).json.months) {
      const { json } = await open(me, month);
      if (month < '2025-01') {
        unknown++;
        assert.equal(json.base_limits, null, month);
        assert.equal(json.base_is, 'unknown', month);
        continue;
      }
      known++;
      const [cap, since, floor] = month < '2026-09' ? ['32470.00', '2025-01-01', '2170.00'] : ['32543.00', '2026-09-01', '2270.00'];
      assert.equal(json.base_limits.cap, cap);
      assert.equal(json.base_limits.since, since);
      assert.deepEqual(json.base_limits.floors.find((f) => f.class === 'I'), { class: 'I', amount: floor });
      assert.equal(json.base_limits.cite.mark, 'S2');
      assert.ok(json.base_limits.cite.sources.length > 0);
      const own = json.base_limits.floors.find((f) => f.class === json.class);
      const base = fen(json.month.base);
      if (own) assert.equal(json.base_is, base < fen(own.amount) ? 'below' : base > fen(cap) ? 'above' : 'within', month);
    }
  }
  assert.ok(known > 20 && unknown > 20, `${known} ${unknown}`);
});

test('a month that is none of the account’s, or not said, is refused', async () => {
  const { me } = people[0];
  assert.equal((await open(me, '1995-01')).status, 404);
  assert.equal((await open(me, '2199-12')).status, 404);
  assert.equal((await open(me, '2026-10', 2)).status, 404);
  for (const query of ['', '?year=2026', '?month=10', '?year=2026&month=13', '?year=2026&month=0']) {
    const { status, json } = await send(me, 'GET', `/api/v1/me/contributions/month${query}`);
    assert.equal(status, 400, query);
    assert.equal(json.code, 'parameter-invalid');
  }
});

test('the whole life by months adds up to every entry and ends at the balance', async () => {
  for (const { truth, me } of people) {
    const { json } = await send(me, 'GET', '/api/v1/me/history');
    const entries = await entriesOf(me);
    const wanted = new Map();
    for (const e of entries) {
      const month = e.booked.slice(0, 7);
      const point = wanted.get(month) ?? { month, contributed: 0n, withdrawn: 0n, interest: 0n, other: 0n };
      const sum = { '01': 'contributed', '02': 'contributed', '11': 'withdrawn', 12: 'withdrawn', '09': 'interest' }[e.kind] ?? 'other';
      point[sum] += fen(e.amount);
      point.balance = fen(e.balance);
      wanted.set(month, point);
    }
    const text = ({ month, ...sums }) => ({ month, ...Object.fromEntries(Object.entries(sums).map(([key, n]) => [key, yuan(n)])) });
    assert.deepEqual(json.points, [...wanted.values()].map(text), truth.account);
    assert.equal(json.points.at(-1).balance, truth.balance);
  }
});

test('offices and the other centre: for anyone, each with where it comes from', async () => {
  const { status, json } = await send(s, 'GET', '/api/v1/offices');
  assert.equal(status, 200);
  assert.equal(json.hotline, '12329');
  assert.equal(json.offices.length, 7);
  assert.match(json.cite.note.zh, /虚构/);
  assert.match(json.other.name.zh, /省级/);
  assert.equal(json.other.cite.mark, 'S2');
  const offices = new Set(json.offices.map((o) => o.name.zh));
  for (const { me } of people) assert.ok(offices.has((await send(me, 'GET', '/api/v1/me/overview')).json.account.office));
});

// The first demo depositor has a month missing, one short, and the newest not yet due.
test('what is remitted and paid back beside the service stands on the page, once', async () => {
  const { truth, me } = people[0];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anju-remit-'));
  try {
    run(['demo', path.join(folder, 'city'), '--people', '300', '--seed', '5', '--until', '2026-11-23'], s);
    const account = readFileSync(path.join(folder, 'city', 'accounts.csv'), 'utf8').split('\n').find((l) => l.startsWith(truth.account));
    const unit = /,(D\d{8}),/.exec(account)[1];
    const file = path.join(folder, 'remit.csv');
    const post = (op, lines, more = [], status = 0) => {
      writeFileSync(file, ['DWZH,HBJNY,GRZH,GRJCJS,DWJCBL,GRJCBL,DWJCE,GRJCE,QXRQ', ...lines, ''].join('\n'));
      const end = run([...op, '--file', file, '--json', ...more], { env: s.env, status });
      return status === 0 ? JSON.parse(end.stdout) : end.stderr;
    };
    const months = () => send(me, 'GET', '/api/v1/me/contributions').then((r) => r.json);
    const month = async (m) => (await months()).months.find((one) => one.month === m);
    const line = (m, own, value = '') => [unit, m.month, truth.account, m.base, m.unit_ratio, m.own_ratio, own, own, value].join(',');
    const before = await months();
    const now = await month('2026-11');
    assert.equal(now.state, 'awaited');

    const wrong = post(['remit'], [line(now, yuan(fen(now.unit_due) + 100n))], [], 1);
    assert.match(wrong, /^anju remit: [^\n]*remit\.csv:2: the unit's share is [^\n]*\n$/);
    const dry = post(['remit'], [line(now, now.unit_due)], ['--dry-run']);
    assert.deepEqual(await months(), before, 'neither the mistake nor the dry run changed anything');
    const done = post(['remit'], [line(now, now.unit_due)]);
    assert.deepEqual({ ...done, number: 0, dry_run: true }, dry);
    assert.deepEqual(post(['remit'], [line(now, now.unit_due)]), { ...done, already: true });
    assert.match(post(['remit'], [line(now, now.unit_due, '2026-11-20')], [], 1), /credited for 2026-11 already/);
    assert.equal((await month('2026-11')).state, 'full');
    assert.equal((await month('2026-11')).credited_on, '2026-11-23');

    const missing = await month(truth.missing[0]);
    const short = await month(truth.short[0].month);
    assert.equal(missing.state, 'missing');
    assert.equal(short.state, 'short');
    const rest = (m) => yuan(fen(m.unit_due) - fen(m.unit_credited));
    assert.match(post(['contribution', 'back-pay'], [line(short, short.unit_due)], [], 1), /are missing, not more/);
    const paid = post(['contribution', 'back-pay'], [line(short, rest(short), '2026-11-20'), line(missing, rest(missing))]);
    assert.equal(fen(paid.amount), 2n * (fen(rest(short)) + fen(rest(missing))));
    assert.equal((await month(truth.missing[0])).state, 'backpaid');
    assert.equal((await month(truth.short[0].month)).state, 'backpaid');
    const after = await months();
    assert.ok(after.strip.consecutive > before.strip.consecutive_if_mended, JSON.stringify(after.strip));
    assert.equal((await open(me, '2026-11')).json.consecutive, after.strip.consecutive);
    assert.equal((await send(me, 'GET', '/api/v1/me/overview')).json.agreed.paid_to, '2026-11');
    run(['verify'], s);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a folder of files: each by itself, what is refused is named and keeps nothing else back', () => {
  const { truth } = people[1];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'anju-folder-'));
  const freeze = (name, amount) => writeFileSync(path.join(folder, name), `GRZH,DJJE,DJJG\n${truth.account},${amount},示范法院\n`);
  const all = (more = [], status = 0) => run(['contribution', 'freeze', '--folder', folder, '--json', ...more], { env: s.env, status });
  const sums = (end) => (({ files, posted, already, refused, lines }) => ({ files, posted, already, refused, lines }))(JSON.parse(end.stdout));
  try {
    assert.match(all([], 2).stderr, /^anju contribution freeze: [^\n]* has no \.csv file\n$/);
    freeze('a.csv', '1.00');
    freeze('b.csv', '99999999.00');
    freeze('c.csv', '2.00');
    writeFileSync(path.join(folder, 'read me.txt'), 'no file of ours');
    assert.deepEqual(sums(all(['--dry-run'], 1)), { files: 3, posted: 2, already: 0, refused: 1, lines: 2 });
    const end = all([], 1);
    assert.deepEqual(sums(end), { files: 3, posted: 2, already: 0, refused: 1, lines: 2 });
    assert.match(end.stderr, /^anju contribution freeze: [^\n]*b\.csv:2: [^\n]* are not frozen yet[^\n]*\n$/);
    freeze('b.csv', '3.00');
    assert.deepEqual(sums(all()), { files: 3, posted: 1, already: 2, refused: 0, lines: 1 });
    assert.match(all(['--key', 'K1'], 64).stderr, /a key of its own/);
    assert.match(all(['--file', path.join(folder, 'a.csv')], 64).stderr, /exclude each other/);
    assert.match(run(['contribution', 'freeze', '--folder', path.join(folder, 'none')], { env: s.env, status: 2 }).stderr, /cannot be read/);
    run(['contribution', 'lift', '--account', truth.account, '--amount', '6.00', '--key', 'folder'], s);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('one line as options: frozen and lifted beside the service; what is wrong is one line', async () => {
  const { truth, me } = people[0];
  const contribution = (args, status = 0) => {
    const end = run(['contribution', ...args], { env: s.env, status });
    if (status !== 0) assert.match(end.stderr, /^anju contribution[^\n]*\n$/, args.join(' '));
    return end;
  };
  const money = async () => {
    const { json } = await send(me, 'GET', '/api/v1/me/overview');
    return { frozen: json.balance.frozen, by: json.balance.frozen_by, available: json.balance.available };
  };
  const before = await money();
  contribution(['freeze', '--account', truth.account, '--amount', '100.00', '--by', '示范法院', '--staff', '0317', '--key', 'court 1']);
  const frozen = await money();
  assert.deepEqual(frozen, { frozen: '100.00', by: '示范法院', available: yuan(fen(before.available) - 10_000n) });
  contribution(['freeze', '--account', truth.account, '--amount', '100.00', '--by', '示范法院', '--staff', '0317', '--key', 'court 1']);
  assert.deepEqual(await money(), frozen, 'the same key freezes once');
  contribution(['freeze', '--account', truth.account, '--by', '示范法院', '--key', 'court 1'], 1);
  contribution(['freeze', '--account', truth.account, '--by', '示范法院', '--key', 'court 2']);
  assert.equal((await money()).available, '0.00');
  contribution(['transfer-out', '--account', truth.account], 1);
  contribution(['lift', '--account', truth.account]);
  assert.deepEqual(await money(), before);

  contribution([], 64);
  contribution(['nothing'], 64);
  contribution(['seal', '--account'], 64);
  contribution(['seal', '--account', '1', '--account', '1'], 64);
  contribution(['seal', '--account', '1'], 2);
  contribution(['seal', '--account', 'x y', '--from', '2026-11'], 2);
  contribution(['seal', '--account', '999', '--from', '2026-11'], 1);
  contribution(['seal', '--file', '/nowhere', '--json'], 2);
  const names = [...contribution(['--help']).stdout.matchAll(/^ {2}anju contribution (\S+)/gm)].map((m) => m[1]);
  assert.equal(names.length, 15);
  for (const name of names) assert.match(contribution([name, '--help']).stdout, /--dry-run/);
  run(['verify'], s);
});
