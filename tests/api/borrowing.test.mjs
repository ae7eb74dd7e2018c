// What a prepayment would do, and how much a holder could borrow: figures reckoned here once more.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { send, signIn, startService } from './support/service.mjs';

let service, borrower, other;
before(async () => {
  service = await startService();
  const [a, b] = [service.demo.find((d) => d.loan && d.loan.balance !== '0.00' && !d.loan.overdue_periods), service.demo.find((d) => !d.loan)];
  borrower = { ...(await signIn(service, a)), who: a };
  other = { ...(await signIn(service, b)), who: b };
});
after(() => service?.stop());

const fen = (yuan) => Number(yuan.replace('.', ''));
const ask = async (who, path, status = 200) => {
  const r = await send(who, 'GET', path);
  assert.equal(r.status, status, r.text);
  return r.json;
};
const instalment = (principal, rate, n) => {
  const i = rate / 1200;
  return Math.round((principal * i) / (1 - (1 + i) ** -n));
};

test('a prepayment: shorter or lower, and what it saves', async () => {
  const { loan } = await ask(borrower, '/api/v1/me/loan');
  const amount = Math.floor(fen(loan.balance) / 300) ;
  const url = `/api/v1/me/loan/prepayment?amount=${amount}`;
  const shorter = await ask(borrower, `${url}&choice=shorter`);
  const lower = await ask(borrower, `${url}&choice=lower`);
  assert.deepEqual(await ask(borrower, url), shorter); // shorter when nothing is said
  for (const { result, refused } of [shorter, lower]) {
    assert.equal(refused, null);
    const sum = result.lines.reduce((s, l) => s + fen(l.principal) + fen(l.interest) + fen(l.penalty), 0);
    assert.equal(sum, amount * 100);
    assert.equal(fen(result.paid), sum);
    assert.equal(result.before.balance, loan.balance);
    assert.equal(fen(result.after.balance), fen(loan.balance) - result.lines.reduce((s, l) => s + fen(l.principal), 0));
    assert.equal(result.before.interest, loan.plan.interest);
    assert.equal(result.before.instalments, loan.plan.instalments.length);
    const paid = result.lines.reduce((s, l) => s + fen(l.interest), 0);
    assert.equal(fen(result.saved), fen(result.before.interest) - paid - fen(result.after.interest));
    assert.ok(fen(result.saved) > 0);
  }
  assert.ok(shorter.result.after.instalments < lower.result.after.instalments);
  assert.equal(lower.result.after.instalments, lower.result.before.instalments);
  assert.ok(fen(lower.result.after.payment) < fen(loan.next_payment));
  assert.ok(fen(shorter.result.saved) > fen(lower.result.saved));
  if (loan.method === '01') {
    const left = fen(lower.result.after.balance);
    assert.equal(fen(lower.result.after.payment), instalment(left, Number(loan.rate), lower.result.after.instalments));
    assert.ok(fen(shorter.result.after.payment) <= fen(loan.next_payment));
    assert.ok(instalment(left, Number(loan.rate), shorter.result.after.instalments - 1) > fen(loan.next_payment));
  }
});

test('all of it, too much, and nothing', async () => {
  const { loan } = await ask(borrower, '/api/v1/me/loan');
  const all = await ask(borrower, '/api/v1/me/loan/prepayment?choice=all');
  assert.equal(all.result.after.balance, '0.00');
  assert.equal(all.result.after.instalments, 0);
  assert.equal(all.result.after.last_due, null);
  assert.equal(all.result.paid, all.settle);
  assert.ok(fen(all.settle) >= fen(loan.balance));
  const much = await ask(borrower, `/api/v1/me/loan/prepayment?amount=${Math.ceil(fen(all.settle) / 100)}&choice=lower`);
  assert.deepEqual([much.refused, much.need, much.result], ['all-of-it', all.settle, null]);
  assert.equal((await ask(borrower, '/api/v1/me/loan/prepayment?choice=lower')).refused, 'too-little');
  await ask(borrower, '/api/v1/me/loan/prepayment?amount=0', 400);
  await ask(borrower, '/api/v1/me/loan/prepayment?amount=1000&choice=none', 400);
  await ask(other, '/api/v1/me/loan/prepayment?amount=1000', 404);
  await ask({ base: service.base }, '/api/v1/me/loan/prepayment?amount=1000', 401);
});

test('the four limits, the lowest of them, and whole thousands', async () => {
  const b = await ask(other, '/api/v1/me/borrowing?price=900000');
  const limit = Object.fromEntries(b.limits.map((l) => [l.limit, l]));
  assert.deepEqual(b.limits.map((l) => l.limit), ['cap', 'price', 'repayment', 'balance']);
  assert.equal(limit.cap.amount, '700000.00');
  assert.equal(limit.price.amount, '720000.00');
  const bears = Math.floor(fen(b.base) / 2);
  assert.equal(fen(b.rules.most_payment), bears);
  assert.ok(instalment(fen(limit.repayment.amount), 2.6, 360) <= bears);
  assert.ok(instalment(fen(limit.repayment.amount) + 1000, 2.6, 360) > bears);
  const factor = b.full_months >= 60 ? 1.5 : b.full_months >= 24 ? 1.2 : 1;
  assert.equal(fen(limit.balance.amount), Math.floor(fen(b.balance) * 20 * factor + 1e-6));
  const least = Math.min(...b.limits.map((l) => fen(l.amount)));
  assert.deepEqual(b.limits.filter((l) => l.lowest).map((l) => fen(l.amount)), [least]);
  assert.equal(fen(b.amount), least - (least % 100000));
  if (fen(b.amount) > 0) assert.equal(fen(b.payment), instalment(fen(b.amount), 2.6, 360));
  assert.equal(b.refusals.includes('too-soon'), b.full_months < 6);
  assert.deepEqual([limit.cap.mark, limit.repayment.mark, limit.balance.mark, b.rules.months_mark], ['S2', 'G', 'G', 'G']);
});

test('what is supposed: no price, a co-borrower, uplifts, a second home, a short term', async () => {
  const limits = async (query) => Object.fromEntries((await ask(other, `/api/v1/me/borrowing${query}`)).limits.map((l) => [l.limit, l]));
  assert.equal((await limits('')).price.amount, null);
  assert.equal((await limits('')).price.lowest, false);
  const one = await limits('?price=1000000');
  const two = await limits('?price=1000000&partner=1&partner_base=10000&partner_balance=50000');
  assert.equal(two.cap.amount, '1000000.00');
  assert.ok(fen(two.repayment.amount) > fen(one.repayment.amount));
  assert.ok(fen(two.balance.amount) >= fen(one.balance.amount) + 50000_00 * 20);
  assert.equal((await limits('?uplifts=1')).cap.amount, '910000.00'); // + 30 %
  assert.equal((await limits('?uplifts=7')).cap.amount, '1050000.00'); // together at most + 50 %
  assert.equal((await limits('?price=1000000&subsidised=1')).price.amount, '850000.00');
  const rate = async (query) => (await ask(other, `/api/v1/me/borrowing${query}`)).rules.rate;
  assert.deepEqual(await Promise.all(['?months=60', '?months=61', '?home=second', '?home=second&months=60'].map(rate)), ['2.10', '2.60', '3.075', '2.525']);
  await ask(other, '/api/v1/me/borrowing?months=361', 400);
  await ask(other, '/api/v1/me/borrowing?home=third', 400);
});

test('refusals say why; the look is on record', async () => {
  assert.ok((await ask(borrower, '/api/v1/me/borrowing')).refusals.includes('owes'));
  const looks = await ask(borrower, '/api/v1/me/looks');
  assert.ok(looks.looks.some((l) => l.part === 'borrowing'));
  await ask({ base: service.base }, '/api/v1/me/borrowing', 401);
});
