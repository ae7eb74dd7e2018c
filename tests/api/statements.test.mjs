// Files for people: what a spreadsheet gets is what the pages show, to the fen.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { send, signIn, startService } from './support/service.mjs';

let s;
const sessions = [];
before(async () => {
  s = await startService({ people: 120, seed: 17 });
  for (const one of s.demo) sessions.push(await signIn(s, one));
});
after(() => s?.stop());

// A reader of its own: RFC 4180, and ="…" taken off as a spreadsheet does.
function rows(text) {
  assert.ok(text.startsWith('\ufeff'), 'a byte order mark');
  assert.ok(text.endsWith('\r\n'));
  const all = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  cell.lastIndex = 1;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    assert.ok(found, `not a cell at ${at}: ${text.slice(at, at + 40)}`);
    const value = found[1].startsWith('"') ? found[1].slice(1, -1).replaceAll('""', '"') : found[1];
    all.at(-1).push(/^="\d+"$/.exec(value) ? value.slice(2, -1) : value);
    if (found[2] === '\r\n') all.push([]);
  }
  all.pop();
  return { head: all[0], body: all.slice(1) };
}
const file = (me, query) => send(me, 'GET', `/api/v1/me/statement?${query}`);
async function read(me, query) {
  const answer = await file(me, query);
  assert.equal(answer.status, 200, answer.text);
  return rows(answer.text);
}
const get = async (me, where) => (await send(me, 'GET', where)).json;
const fen = (yuan) => BigInt(yuan.replace('.', ''));

for (const n of [0, 1, 2, 3, 4, 5]) {
  test(`depositor ${n + 1}: the ledger's rows are the API's, and their sum is the balance`, async () => {
    const me = sessions[n];
    const entries = [];
    for (let more = true; more; ) {
      const page = await get(me, `/api/v1/me/entries?limit=100${entries.length ? `&before=${entries.at(-1).seq}` : ''}`);
      entries.push(...page.entries);
      more = page.more;
    }
    entries.reverse();
    const { head, body } = await read(me, 'kind=ledger');
    assert.ok(body.every((row) => row.length === head.length));
    assert.deepEqual(
      body.map((row) => [row[0], row[1], row[2], row[3], row[5], row[6], row[7], row[8], row[9], row[10], row[12], row[13]]),
      entries.map((e) => [s.demo[n].account, String(e.seq), e.booked, e.value_date, e.for_month?.replace('-', '') ?? '', e.unit_amount, e.own_amount, e.amount, e.interest, e.balance, e.reverses === null ? '' : String(e.reverses), e.flow]),
    );
    const sum = body.reduce((all, row) => all + fen(row[8]), 0n);
    assert.equal(sum, fen(body.at(-1)[10]));
    assert.equal(body.at(-1)[10], s.demo[n].balance);
    // A range of years is the same rows, cut.
    const year = body[Math.floor(body.length / 2)][2].slice(0, 4);
    const cut = await read(me, `kind=ledger&from=${year}&to=${year}`);
    assert.deepEqual(cut.body, body.filter((row) => row[2].startsWith(year)));
  });

  test(`depositor ${n + 1}: contributions, interest and the loan as their pages have them`, async () => {
    const me = sessions[n];
    const { months } = await get(me, '/api/v1/me/contributions');
    const contributions = await read(me, 'kind=contributions&language=en');
    assert.equal(contributions.head[1], 'Month');
    assert.deepEqual(
      contributions.body.map((row) => [row[1], row[3], row[4], row[7], row[8], row[9], row[10], row[11], row[12]]),
      months.toReversed().map((m) => [m.month.replace('-', ''), m.unit, m.base, m.unit_due, m.own_due, m.unit_credited, m.own_credited, m.due_day, m.credited_on ?? '']),
    );
    const { body } = await read(me, 'kind=interest');
    const { years } = await get(me, '/api/v1/me/interest');
    const sums = body.filter((row) => row[5] === '合计');
    assert.deepEqual(sums.map((row) => [row[1], row[9], row[10]]), years.toReversed().map((y) => [String(y.year), y.posted ?? '', y.recomputed ?? '']));
    const newest = await get(me, '/api/v1/me/interest');
    const lines = body.filter((row) => row[1] === String(newest.year.year) && row[5] !== '合计');
    assert.deepEqual(lines.map((row) => [row[2], row[3], row[4], row[6], row[8]]), newest.lines.map((l) => [l.from, l.to, String(l.days), l.balance, l.product]));
    const { loan } = await get(me, '/api/v1/me/loan?limit=100');
    if (!loan) {
      assert.equal((await file(me, 'kind=loan_plan')).status, 404);
      return;
    }
    const plan = await read(me, 'kind=loan_plan');
    assert.deepEqual(plan.body.map((row) => row.slice(1)), (loan.plan?.instalments ?? []).map((l) => [String(l.period), l.due, l.payment, l.principal, l.interest, l.left]));
    const history = await read(me, 'kind=loan_history');
    assert.deepEqual(history.body.slice(-loan.history.length).map((row) => [row[1], row[6], row[10]]), loan.history.toReversed().map((e) => [String(e.seq), e.amount, e.balance]));
  });
}

test('a file is an attachment whose name says nothing about anybody, is not kept, and is a look', async () => {
  const me = sessions[0];
  const answer = await file(me, 'kind=ledger&from=2025&to=2026');
  assert.equal(answer.headers['content-disposition'], 'attachment; filename="housing-fund-ledger-2025-2026.csv"');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  const { account } = s.demo[0];
  // Thirteen digits with a nought in front: a spreadsheet would make a number of them.
  if (/^0|\d{12}/.test(account)) assert.ok(answer.text.includes(`"=""${account}"""`));
  assert.ok((await get(me, '/api/v1/me/looks')).looks.some((look) => look.part === 'statements'));
});

test('what makes no sense is refused', async () => {
  for (const query of ['', 'kind=all', 'kind=ledger&from=2026&to=2025', 'kind=ledger&language=fr', 'kind=ledger&from=1', 'kind=ledger&kind=interest', 'kind=ledger&person=1']) {
    const answer = await file(sessions[0], query);
    assert.equal(answer.status, 400, query);
    assert.equal(answer.json.code, 'parameter-invalid');
  }
  assert.equal((await file(sessions[0], 'kind=ledger&account=8')).status, 404);
});
