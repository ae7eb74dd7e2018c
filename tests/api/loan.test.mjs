// Withdrawals and the loan against the truth that the city generator wrote down.
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

const fen = (yuan) => BigInt(yuan.replace('.', ''));
const STATES = { received: '01', approved: '02', paid: '03', refused: '04', withdrawn: '05' };
const LAST = { '01': ['01', '02'], '02': ['03'], '03': ['04'], '04': ['05'], '05': ['06'] };

test('applications are as many in each state as the truth says, newest first', async () => {
  let refused = 0;
  for (const { truth, me } of people) {
    const { json } = await send(me, 'GET', '/api/v1/me/withdrawals');
    const list = json.applications;
    assert.equal(list.length, truth.applications.total, truth.account);
    for (const [word, code] of Object.entries(STATES)) {
      assert.equal(list.filter((a) => a.state === code).length, truth.applications[word], `${truth.account} ${word}`);
    }
    assert.deepEqual(list.map((a) => a.applied), list.map((a) => a.applied).sort().reverse());
    assert.equal(json.more, false);
    for (const a of list) {
      const kinds = a.steps.map((step) => step.kind);
      assert.equal(kinds[0], '01');
      assert.ok(LAST[a.state].includes(kinds.at(-1)), `${a.number} ${a.state} ends with ${kinds.at(-1)}`);
      assert.deepEqual(a.steps.map((step) => step.day), a.steps.map((step) => step.day).sort());
      assert.equal(a.decide_by !== null, a.state === '01' && kinds.includes('02'));
      assert.equal(a.flow !== null, a.state === '03');
      if (a.state === '04') {
        refused++;
        assert.ok(a.steps.at(-1).words.length > 0, 'the centre says why');
      }
    }
  }
  assert.ok(refused > 0);
});

test('what an application paid is the ledger entry of its flow', async () => {
  for (const { me } of people) {
    const { json } = await send(me, 'GET', '/api/v1/me/withdrawals');
    const entries = [...(await send(me, 'GET', '/api/v1/me/entries?kind=11&limit=100')).json.entries, ...(await send(me, 'GET', '/api/v1/me/entries?kind=12')).json.entries];
    for (const a of json.applications.filter((one) => one.flow)) {
      assert.equal(fen(entries.find((e) => e.flow === a.flow).amount), -fen(a.amount), a.number);
    }
  }
});

test('the loan has the figures of the truth, and a plan that begins with the next instalment and ends at nothing', async () => {
  let loans = 0;
  for (const { truth, me } of people) {
    const { json } = await send(me, 'GET', '/api/v1/me/loan');
    assert.equal(json.count, truth.loan ? 1 : 0);
    if (!truth.loan) {
      assert.equal(json.loan, null);
      continue;
    }
    loans++;
    const { loan } = json;
    assert.equal(loan.number, truth.loan.account);
    for (const name of ['balance', 'periods_paid', 'next_due', 'next_payment', 'next_principal', 'next_interest', 'overdue_periods', 'overdue_principal', 'overdue_interest']) {
      assert.equal(loan[name], truth.loan[name], `${truth.account} ${name}`);
    }
    assert.equal(loan.settled, truth.loan.repaid_on);
    assert.equal(fen(loan.principal_repaid), fen(loan.paid_out) - fen(loan.balance));
    assert.equal(loan.rates.at(-1).since, loan.paid_out_on);
    assert.equal(loan.rates[0].rate, loan.rate);
    const { plan } = loan;
    assert.equal(plan === null, loan.next_due === null);
    if (!plan) continue;
    const [first, last] = [plan.instalments[0], plan.instalments.at(-1)];
    assert.deepEqual(
      { ...first, left: undefined },
      { period: loan.periods_paid + loan.overdue_periods + 1, due: loan.next_due, payment: loan.next_payment, principal: loan.next_principal, interest: loan.next_interest, left: undefined },
    );
    assert.equal(plan.agrees, true);
    assert.equal(last.left, '0.00');
    assert.equal(last.due, loan.last_due);
    assert.equal(last.period, loan.months);
    const total = (name) => plan.instalments.reduce((all, one) => all + fen(one[name]), 0n);
    assert.equal(total('principal'), fen(loan.balance) - fen(loan.overdue_principal));
    assert.equal(total('interest'), fen(plan.interest));
    assert.equal(total('payment'), fen(plan.payment));
  }
  assert.ok(loans > 0);
});

test('the history of a loan goes back to its paying out, page after page', async () => {
  for (const { truth, me } of people.filter((p) => p.truth.loan)) {
    const list = [];
    for (let before = ''; ; ) {
      const { loan } = (await send(me, 'GET', `/api/v1/me/loan?limit=11${before}`)).json;
      list.push(...loan.history);
      if (!loan.more) break;
      before = `&before=${loan.history.at(-1).seq}`;
    }
    assert.equal(list.at(-1).kind, '01');
    assert.deepEqual(list.map((e) => e.seq), list.map((_, i) => list.length - i));
    assert.equal(list[0].balance, truth.loan.balance);
    for (const e of list.slice(0, -1)) assert.equal(fen(e.amount), fen(e.principal) + fen(e.interest) + fen(e.penalty));
  }
});

test('a loan or an account that is not there is not found', async () => {
  const { me } = people.find((p) => p.truth.loan);
  assert.equal((await send(me, 'GET', '/api/v1/me/loan?loan=2')).status, 404);
  assert.equal((await send(me, 'GET', '/api/v1/me/loan?account=8')).status, 404);
  assert.equal((await send(me, 'GET', '/api/v1/me/withdrawals?account=8')).status, 404);
});

test('these looks are on the record under their own names', async () => {
  const { me } = people[0];
  await send(me, 'GET', '/api/v1/me/withdrawals');
  await send(me, 'GET', '/api/v1/me/loan');
  const parts = (await send(me, 'GET', '/api/v1/me/looks')).json.looks.map((look) => look.part);
  assert.ok(parts.includes('withdrawals') && parts.includes('loan'), parts.join());
});
