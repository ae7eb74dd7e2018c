// The peer: what a good Node service would do for the same page. One process, Fastify with a response
// schema, better-sqlite3 with prepared statements in one read transaction, sessions in a Map, and no
// record of who looked. Reads the tables themselves, not the digest that is ours.

import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const { BENCH_HOME: home, BENCH_TOKENS: tokens, BENCH_PORT: port } = process.env;
const DAY_MS = 86_400_000;
const STRIP_MONTHS = 36;
const RATE = 15000n; // millionths a year, since 2016-02-21

const sessions = new Map(readFileSync(tokens, 'utf8').trim().split('\n').map((line) => {
  const [token, account, person] = line.split(' ');
  return [token, { account, person }];
}));
const today = Math.floor(Date.parse('2026-11-23') / DAY_MS);
const thisMonth = 2026 * 12 + 10;

const db = new Database(':memory:');
db.exec(`ATTACH '${home}/ledger.db' AS ledger; ATTACH '${home}/desk.db' AS desk; PRAGMA query_only = ON`);
db.pragma('mmap_size = 34359738368');
db.defaultSafeIntegers(false);

const account = db.prepare(`SELECT a.*, u.name AS unit_name, u.handler_name, u.handler_phone, u.office, h.name, h.id_mask
  FROM ledger.account a JOIN ledger.unit u ON u.unit = a.unit JOIN ledger.holder h ON h.account = a.account WHERE a.account = ?`);
const others = db.prepare('SELECT a.account, a.state, a.opened, a.closed FROM ledger.account a WHERE a.person = ? AND a.account <> ? LIMIT 8');
const recent = db.prepare(`SELECT seq, booked, value_day, kind, for_month, unit_amount, own_amount, amount, interest, balance, reason, flow, reverses
  FROM ledger.entry WHERE account = ? ORDER BY seq DESC LIMIT 7`);
const terms = db.prepare('SELECT from_month, paying, unit_amount + own_amount AS due FROM ledger.terms WHERE account = ? ORDER BY from_month');
const credited = db.prepare(`SELECT for_month, SUM(unit_amount + own_amount) AS credited, MAX(value_day) AS day, MAX(kind) AS kind
  FROM ledger.entry WHERE account = ? AND kind IN (1, 2) GROUP BY for_month`);
const curve = db.prepare(`SELECT booked, balance FROM ledger.entry WHERE account = ? ORDER BY seq DESC LIMIT 80`);
const loans = db.prepare('SELECT * FROM ledger.loan WHERE account = ? LIMIT 8');
const applications = db.prepare('SELECT application, applied, reason, amount, state FROM ledger.application WHERE account = ? AND state < 3 LIMIT 20');
const freeze = db.prepare('SELECT at FROM desk.freeze WHERE person = ? AND lifted_at IS NULL LIMIT 1');
const signedIn = db.prepare('SELECT created_at FROM desk.session WHERE person = ? ORDER BY created_at DESC LIMIT 2');
const begin = db.prepare('BEGIN');
const commit = db.prepare('COMMIT');

const yuan = (fen) => {
  const sign = fen < 0 ? '-' : '';
  const size = Math.abs(fen);
  return `${sign}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`;
};
const day = (n) => (n === null ? null : new Date(n * DAY_MS).toISOString().slice(0, 10));
const month = (n) => (n === null ? null : `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`);
const code = (n) => String(n).padStart(2, '0');

function strip(number) {
  const agreed = terms.all(number);
  const came = new Map(credited.all(number).map((row) => [row.for_month, row]));
  const first = agreed.find((line) => line.paying)?.from_month ?? thisMonth;
  const months = [];
  let consecutive = 0;
  let now = 0;
  for (let m = first; m <= thisMonth; m++) {
    while (now + 1 < agreed.length && agreed[now + 1].from_month <= m) now++;
    const due = agreed[now]?.paying ? agreed[now].due : 0;
    const row = came.get(m);
    const got = row?.credited ?? 0;
    let state = 'full';
    if (due === 0) state = got ? 'extra' : 'sealed';
    else if (got < due) state = m === thisMonth ? 'awaited' : got > 0 ? 'short' : 'missing';
    else if (row.kind === 2) state = 'backpaid';
    if (state === 'short' || state === 'missing') consecutive = 0;
    else if (state !== 'awaited' && state !== 'sealed') consecutive++;
    months.push({ month: month(m), state });
  }
  return { months: months.slice(-STRIP_MONTHS), consecutive, consecutive_if_mended: consecutive, last: null, gaps: months.filter((m) => m.state === 'missing' || m.state === 'short').slice(-3) };
}

function points(number) {
  const last = new Map();
  for (const { booked, balance } of curve.all(number)) {
    const key = day(booked).slice(0, 7);
    if (!last.has(key)) last.set(key, { day: day(booked), balance: yuan(balance) });
  }
  return [...last.values()].slice(0, STRIP_MONTHS).reverse();
}

function overview({ account: number, person }) {
  const a = account.get(number);
  const product = BigInt(a.product) + BigInt(a.balance) * BigInt(today - a.product_day);
  const interest = Number((product * RATE + 180_000_000n) / 360_000_000n);
  const { at } = freeze.get(person) ?? {};
  return {
    today: day(today), name: `${a.name[0]}**`, last_sign_in: new Date(signedIn.all(person)[1]?.created_at ?? 0).toISOString(),
    account: { position: 1, number, state: code(a.state), opened: day(a.opened), closed: day(a.closed), close_reason: null, merged_into: a.merged_into, unit: a.unit_name, office: a.office },
    other_accounts: others.all(person, number).map((o) => ({ number: o.account, state: code(o.state), opened: day(o.opened), closed: day(o.closed) })),
    agreed: { base: yuan(a.base), unit_ratio: (a.unit_ratio / 10000).toFixed(2), own_ratio: (a.own_ratio / 10000).toFixed(2), unit_amount: yuan(a.unit_amount), own_amount: yuan(a.own_amount), total: yuan(a.unit_amount + a.own_amount), paid_to: month(a.paid_to) },
    handler: { name: a.handler_name, phone: a.handler_phone },
    balance: { total: yuan(a.balance + interest), principal: yuan(a.balance), interest: yuan(interest), interest_since: day(a.settled + 1), carried: yuan(a.carried), this_year: yuan(a.this_year), frozen: yuan(a.frozen), frozen_since: day(a.frozen_since), frozen_by: a.frozen_by, available: yuan(Math.max(0, a.balance - a.frozen)), own_freeze_since: at ? new Date(at).toISOString() : null },
    contributions: strip(number),
    recent: recent.all(number).map((e) => ({ seq: e.seq, booked: day(e.booked), value_date: day(e.value_day), kind: code(e.kind), for_month: month(e.for_month), unit_amount: yuan(e.unit_amount), own_amount: yuan(e.own_amount), amount: yuan(e.amount), interest: yuan(e.interest), balance: yuan(e.balance), reason: e.reason === null ? null : code(e.reason), flow: e.flow, reverses: e.reverses })),
    curve: points(number),
    next_settlement: { day: '2027-06-30', at_least: yuan(interest) },
    applications: applications.all(number).map((p) => ({ number: p.application, applied: day(p.applied), reason: code(p.reason), amount: yuan(p.amount), state: code(p.state) })),
    loans: loans.all(number).map((l) => ({ number: l.loan, state: code(l.state), balance: yuan(l.balance), rate: (l.rate / 10000).toFixed(2), periods_paid: l.periods_paid, months: l.months, next_due: day(l.next_due), next_payment: yuan(l.next_payment), next_principal: yuan(l.next_principal), next_interest: yuan(l.next_interest) })),
  };
}

// The response schema, from a first answer: every member by its type, so that no key is looked for twice.
const NULLABLE = { type: ['string', 'null'] };
const UNKNOWN = { type: ['string', 'integer', 'null'] }; // null in the first answer
function schemaOf(value) {
  if (Array.isArray(value)) return { type: 'array', items: value.length ? schemaOf(value[0]) : { type: 'object', additionalProperties: true } };
  if (value === null) return UNKNOWN;
  if (typeof value === 'object') return { type: 'object', properties: Object.fromEntries(Object.entries(value).map(([key, one]) => [key, schemaOf(one)])) };
  return typeof value === 'number' ? { type: ['integer', 'null'] } : NULLABLE;
}
const sample = [...sessions.values()].slice(0, 400).map(overview).sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0];

const app = Fastify();
app.get('/', () => 'ok');
app.get('/api/v1/me/overview', { schema: { response: { 200: schemaOf(sample) } } }, (request, reply) => {
  const session = sessions.get(/__Host-anju=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);
  if (!session) return reply.code(401).send({});
  begin.run();
  try {
    return overview(session);
  } finally {
    commit.run();
  }
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
