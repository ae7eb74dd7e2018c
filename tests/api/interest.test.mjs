// Interest laid open: the figures are the city's, and every line of the calculation adds up.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { send, signIn, startService } from './support/service.mjs';

let s;
const people = [];
before(async () => {
  s = await startService({ people: 300, seed: 3 });
  for (const d of s.demo) people.push({ truth: d, me: await signIn(s, d) });
});
after(() => s?.stop());

/** "1234.50" → 123450n, "1.50" → 15000n with four decimals, as one likes. */
function scaled(text, decimals) {
  const [whole, part = ''] = text.replace('-', '').split('.');
  const n = BigInt(whole + part.padEnd(decimals, '0').slice(0, decimals));
  return text.startsWith('-') ? -n : n;
}
const fen = (yuan) => scaled(yuan, 2);
const millionths = (percent) => scaled(percent, 4);
const rounded = (n, d) => (2n * n + d) / (2n * d); // half up, of what is not below 0
const day = (text) => Date.parse(`${text}T00:00Z`) / 86_400_000;

async function ask(me, query = '') {
  const { status, json } = await send(me, 'GET', `/api/v1/me/interest${query}`);
  assert.equal(status, 200, query);
  return json;
}

/** Every year of every account, laid open. */
async function* everyYear() {
  for (const { truth, me } of people) {
    const { json: overview } = await send(me, 'GET', '/api/v1/me/overview');
    for (const account of [overview.account, ...overview.other_accounts]) {
      const newest = await ask(me, `?account=${account.position}`);
      for (const { year } of newest.years) {
        yield { truth, account, newest, open: await ask(me, `?account=${account.position}&year=${year}`) };
      }
    }
  }
}

test('the running year earns what the overview says, to the fen', async () => {
  for (const { truth, me } of people) {
    const { json: overview } = await send(me, 'GET', '/api/v1/me/overview');
    const open = await ask(me);
    assert.equal(open.year.state, 'running');
    assert.equal(open.year.year, 2027);
    assert.equal(open.year.to, '2026-11-23');
    assert.equal(open.year.from, overview.balance.interest_since);
    assert.equal(open.year.recomputed, truth.interest_to_date, truth.account);
    assert.equal(open.year.recomputed, overview.balance.interest, truth.account);
    assert.equal(open.year.posted, null);
    assert.equal(open.year.difference, null);
    assert.equal(open.lines.at(-1).to, '2026-11-23');
    assert.equal(open.lines.at(-1).balance, truth.balance);
  }
});

test('lines follow each other, and their products, sums and interest add up', async () => {
  let years = 0;
  for await (const { open, newest } of everyYear()) {
    const what = `${open.account.number} ${open.year.year}`;
    years++;
    assert.deepEqual(open.years, newest.years, what);
    assert.deepEqual(open.year, open.years.find((one) => one.year === open.year.year), what);
    assert.equal(open.left_out, 0);
    const sums = new Map();
    let weighted = 0n;
    let before = { whole: day(open.year.from) - 1, this_year: day(open.year.from) - 1, carried: day(open.year.from) - 1 };
    for (const line of open.lines) {
      assert.ok(day(line.from) > before[line.part], what);
      assert.ok(day(line.to) <= day(open.year.to), what);
      assert.equal(line.days, day(line.to) - day(line.from) + 1, what);
      assert.equal(fen(line.product), fen(line.balance) * BigInt(line.days), what);
      sums.set(line.rate, (sums.get(line.rate) ?? 0n) + fen(line.product));
      weighted += fen(line.product) * millionths(line.rate);
      before = line.part === 'whole' ? { whole: day(line.to), this_year: day(line.to), carried: day(line.to) } : { ...before, [line.part]: day(line.to) };
    }
    assert.deepEqual(open.sums.map((one) => [one.rate, fen(one.product)]), [...sums], what);
    assert.equal(fen(open.year.recomputed), rounded(weighted, 360_000_000n), what);
    assert.equal(scaled(open.unrounded, 6), (weighted * 10_000n) / 360_000_000n, what);
  }
  assert.ok(years > people.length);
});

test('each settled year was posted as it comes out, but for the planted ones', async () => {
  const wrong = [];
  for await (const { truth, account, open } of everyYear()) {
    const { year } = open;
    if (year.state === 'running') continue;
    assert.equal(fen(year.difference), fen(year.posted) - fen(year.recomputed));
    if (year.state === 'settled') assert.equal(year.to, `${year.year}-06-30`);
    if (fen(year.difference) !== 0n) wrong.push({ account: account.number, date: year.to, wrong: year.posted, right: year.recomputed });
    if (account.number === truth.account && year.to === truth.settlement?.date) assert.equal(year.posted, truth.settlement.interest);
  }
  const numbers = new Set(people.map(({ truth }) => truth.account));
  const planted = people.flatMap(({ truth }) => truth.planted.map(({ date, wrong: posted, right }) => ({ account: truth.account, date, wrong: posted, right })));
  assert.deepEqual(wrong.filter((one) => numbers.has(one.account)), planted);
});

test('a closed account was paid its interest with the closing', async () => {
  const merged = people.find(({ truth }) => truth.demo === 5);
  const { year, account } = await ask(merged.me, '?account=2');
  assert.equal(account.state, '03');
  assert.equal(year.state, 'paid');
  assert.equal(day(year.to), day(account.closed) - 1);
  assert.equal(year.posted, year.recomputed);
});

test('a year that the account has not is not found', async () => {
  const { me } = people[0];
  for (const query of ['year=1990', 'year=2199', 'account=3']) {
    assert.equal((await send(me, 'GET', `/api/v1/me/interest?${query}`)).status, 404, query);
  }
  for (const query of ['year=1', 'year=', 'limit=3']) {
    assert.equal((await send(me, 'GET', `/api/v1/me/interest?${query}`)).status, 400, query);
  }
});

test('the look is on the list under its own name', async () => {
  const { me } = people[1];
  await ask(me);
  const { json } = await send(me, 'GET', '/api/v1/me/looks');
  assert.ok(json.looks.some((look) => look.part === 'interest' && look.actor_kind === 'holder'));
});

test('any day: its balance is the ledger’s, its interest goes up day by day, and its lines add up', async () => {
  const { me } = people[0];
  const { json: ledger } = await send(me, 'GET', '/api/v1/me/entries?limit=40');
  const { json: overview } = await send(me, 'GET', '/api/v1/me/overview');
  // Between two entries of one year, on the day of one, and on the eve of another.
  const [newer, older] = ledger.entries.filter((e) => e.kind === '01').slice(1);
  const eve = new Date((day(newer.value_day ?? newer.booked) - 1) * 86_400_000).toISOString().slice(0, 10);
  const on = (date) => ask(me, `?day=${date.replaceAll('-', '')}`);
  const open = await on(eve);
  assert.deepEqual([open.day, open.year.to, open.year.state, open.year.posted, open.day_balance], [eve, eve, 'running', null, older.balance]);
  assert.equal(open.lines.at(-1).to, eve);
  assert.equal(open.lines.reduce((sum, line) => sum + fen(line.product), 0n), fen(open.sums[0].product));
  const exact = fen(open.sums[0].product) * millionths(open.sums[0].rate);
  assert.equal(fen(open.year.recomputed), rounded(exact, 360n * 1_000_000n));
  const before = await on(new Date((day(eve) - 1) * 86_400_000).toISOString().slice(0, 10));
  assert.equal(fen(open.sums[0].product) - fen(before.sums[0].product), fen(open.day_balance), 'one day more is one balance more');
  // A settlement's own day has it in the balance; today is today; the last day is the next settlement.
  const settled = await on('2026-06-30');
  assert.deepEqual([settled.year.state, settled.year.posted], ['settled', settled.years.find((y) => y.to === '2026-06-30').posted]);
  assert.equal((await on('2026-11-23')).year.recomputed, overview.balance.interest);
  const last = await on('2027-06-30');
  assert.ok(fen(last.year.recomputed) > fen(overview.balance.interest));
  for (const wrong of ['2027-07-01', overview.account.opened.replace(/^\d{4}/, (y) => y - 1), '2026-02-30']) {
    const { status, json } = await send(me, 'GET', `/api/v1/me/interest?day=${wrong.replaceAll('-', '')}`);
    assert.deepEqual([status, json.code, json.field], [400, 'parameter-invalid', 'day'], wrong);
  }
});
