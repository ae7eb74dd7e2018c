// A fund year in figures: it follows from the entries that the ledger shows, and adds up.
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

const fen = (yuan) => Number(yuan.replace('.', ''));
async function ask(me, path, expected = 200) {
  const { status, json } = await send(me, 'GET', path);
  assert.equal(status, expected, path);
  return json;
}

/** Every account of everybody, with all of its entries, oldest first. */
async function* everyAccount() {
  for (const { truth, me } of people) {
    const overview = await ask(me, '/api/v1/me/overview');
    for (const account of [overview.account, ...overview.other_accounts]) {
      const entries = [];
      for (let more = true; more;) {
        const page = await ask(me, `/api/v1/me/entries?account=${account.position}&limit=100${entries.length ? `&before=${entries.at(-1).seq}` : ''}`);
        entries.push(...page.entries);
        more = page.more;
      }
      yield { truth, me, account, entries: entries.toReversed() };
    }
  }
}

const inYear = (entry, { from, to }) => {
  const day = entry.kind === '09' ? entry.value_date : entry.booked;
  return day >= from && day <= to;
};
const sum = (list, of) => list.reduce((all, one) => all + of(one), 0);

test('every year adds up, begins where the one before ended, and is what its entries say', async () => {
  let years = 0, withdrawals = 0, loans = 0;
  for await (const { truth, me, account, entries } of everyAccount()) {
    const newest = await ask(me, `/api/v1/me/year?account=${account.position}`);
    let before;
    for (const number of newest.years.toReversed()) {
      const year = await ask(me, `/api/v1/me/year?account=${account.position}&year=${number}`);
      const mine = entries.filter((one) => inYear(one, year));
      const moved = (...whats) => sum(year.moved.filter((one) => whats.includes(one.what)), (one) => fen(one.amount));
      const at = `${truth.account} ${account.position} ${number}`;
      assert.equal(year.year, number);
      assert.equal(fen(year.opening) + sum(year.moved, (one) => fen(one.amount)), fen(year.closing), at);
      assert.equal(year.opening, before?.closing ?? '0.00', at);
      assert.equal(fen(year.closing), sum(entries.filter((one) => (one.kind === '09' ? one.value_date : one.booked) <= year.to), (one) => fen(one.amount)), at);
      const contributions = mine.filter((one) => ['01', '02'].includes(one.kind));
      assert.equal(moved('unit'), sum(contributions, (one) => fen(one.unit_amount ?? '0.00')), at);
      assert.equal(moved('own'), sum(contributions, (one) => fen(one.own_amount ?? '0.00')), at);
      const out = mine.filter((one) => one.kind === '11');
      assert.equal(moved('withdrawn'), sum(out, (one) => fen(one.amount)), at);
      const interest = await ask(me, `/api/v1/me/interest?account=${account.position}&year=${number}`);
      if (interest.year.posted !== null) assert.equal(moved('interest'), fen(interest.year.posted), at);
      if (before) {
        assert.equal(fen(year.before.contributed), sum(before.moved.filter((one) => ['unit', 'own'].includes(one.what)), (one) => fen(one.amount)), at);
        assert.equal(fen(year.before.withdrawn), sum(before.moved.filter((one) => ['withdrawn', 'closed'].includes(one.what)), (one) => fen(one.amount)), at);
      } else {
        assert.equal(year.before, null, at);
      }
      for (const one of year.months) assert.ok(one.month >= `${number - 1}-07` && one.month <= `${number}-06`, at);
      years++;
      withdrawals += out.length;
      loans += year.loans ? 1 : 0;
      before = year;
    }
    assert.equal(before.closing, entries.at(-1)?.balance ?? '0.00', 'the last year ends with what stands there now');
  }
  assert.ok(years > 20 && withdrawals > 3 && loans > 3, `${years} ${withdrawals} ${loans}`);
});

test('months have the states of the contributions page, and loans add up to what was repaid', async () => {
  for (const { me } of people) {
    const { months } = await ask(me, '/api/v1/me/contributions');
    const states = new Map(months.map((one) => [one.month, one.state]));
    const { years } = await ask(me, '/api/v1/me/year');
    let principal = 0, lent = 0, seen = 0;
    for (const number of years) {
      const year = await ask(me, `/api/v1/me/year?year=${number}`);
      for (const one of year.months) assert.equal(one.state, states.get(one.month), one.month);
      seen += year.months.length;
      principal += year.loans ? fen(year.loans.principal) : 0;
      lent += year.loans ? fen(year.loans.lent) : 0;
    }
    assert.equal(seen, states.size);
    const { count } = await ask(me, '/api/v1/me/loan');
    const loans = [];
    for (let n = 1; n <= count; n++) loans.push((await ask(me, `/api/v1/me/loan?loan=${n}`)).loan);
    assert.equal(lent, sum(loans, (one) => fen(one.paid_out)));
    assert.equal(lent - principal, sum(loans, (one) => fen(one.balance)));
  }
});

test('without a year it is the last one that is over; one that the account has not is not found', async () => {
  const { me } = people[0];
  const year = await ask(me, '/api/v1/me/year');
  assert.equal(year.year, 2026);
  assert.equal(year.to, '2026-06-30');
  assert.equal(year.running, false);
  assert.equal((await ask(me, '/api/v1/me/year?year=2027')).running, true);
  assert.equal((await ask(me, '/api/v1/me/year?year=2027')).to, '2026-11-23');
  await ask(me, `/api/v1/me/year?year=${year.years.at(-1) - 1}`, 404);
  await ask(me, '/api/v1/me/year?year=2028', 404);
  await ask(me, '/api/v1/me/year?year=20x6', 400);
  await ask(me, '/api/v1/me/year?account=8', 404);
  await ask({ base: s.base }, '/api/v1/me/year', 401);
  const looks = await ask(me, '/api/v1/me/looks');
  assert.ok(looks.looks.some((one) => one.part === 'year'));
});
