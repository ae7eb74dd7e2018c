// A service that answers the pages out of invented data, for the states that the real one can
// hardly be brought to: answers that fail, that do not come, that end a session. Its answers are
// held against the contract when they leave.
//
// Run by itself it serves the built pages:  node tests/browser/support/stub.mjs [PORT]
// Sign in as any of `people` below with any password but "wrong"; the code is 123456.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkAnswer } from '../../api/support/contract.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const TODAY = '2026-11-23';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const fen = (yuan) => Number(yuan.replace('.', ''));
const yuan = (fen) => `${fen < 0 ? '-' : ''}${String(Math.abs(fen)).padStart(3, '0').replace(/(\d\d)$/, '.$1')}`;
const pad = (n) => String(n).padStart(2, '0');
const UNIT = '云岭制造有限公司';
const OFFICE = '城东管理部';

// One life: months from `from` to `to`, all paid 1,001.00 + 1,001.00 on the 12th of the next month
// unless `odd` says otherwise, interest each 30 June.
function life({ from = '2021-03', to = '2026-10', odd = {}, base = 20010_00, share = 1001_00 }) {
  const entries = [];
  const months = [];
  let balance = 0;
  const add = (entry) => {
    balance += entry.fen ?? 0;
    entries.push({
      seq: entries.length + 1, booked: entry.booked, value_date: entry.value ?? entry.booked, kind: entry.kind,
      for_month: entry.month ?? null, unit_amount: yuan(entry.unit ?? 0), own_amount: yuan(entry.own ?? 0),
      amount: yuan(entry.fen ?? 0), interest: yuan(entry.interest ?? 0), balance: yuan(balance),
      reason: entry.reason ?? null, flow: `L${pad(entries.length + 1)}${entry.booked.replaceAll('-', '')}`, reverses: entry.reverses ?? null,
    });
  };
  add({ booked: `${from}-03`, kind: '03' });
  let [year, month] = from.split('-').map(Number);
  for (;;) {
    const name = `${year}-${pad(month)}`;
    const [nextYear, nextMonth] = month === 12 ? [year + 1, 1] : [year, month + 1];
    const paid = `${nextYear}-${pad(nextMonth)}-12`;
    const what = odd[name] ?? 'full';
    const unit = what === 'short' ? 900_00 : share;
    const credited = what !== 'missing' && what !== 'sealed' && what !== 'awaited';
    if (month === 6 && balance > 0) {
      const interest = Math.round(balance * 0.0142);
      add({ booked: `${year}-06-30`, kind: '09', fen: interest, interest });
    }
    if (month === 5 && odd.repays && balance > 20000_00) add({ booked: `${year}-05-20`, kind: '11', fen: -6000_00, reason: '06' });
    const on = what === 'late' ? `${nextYear}-${pad(nextMonth)}-27` : what === 'backpaid' ? `${nextYear}-${pad(nextMonth)}-28` : paid;
    if (credited && on <= TODAY) add({ booked: on, kind: what === 'backpaid' ? '02' : '01', month: name, unit, own: share, fen: unit + share });
    months.push({
      month: name, state: what, unit: UNIT, base: yuan(base), base_before: month === 1 ? yuan(base - 1410_00) : null,
      unit_ratio: '5.00', own_ratio: '5.00', unit_due: yuan(what === 'sealed' ? 0 : share), own_due: yuan(what === 'sealed' ? 0 : share),
      unit_credited: yuan(credited ? unit : 0), own_credited: yuan(credited ? share : 0), credited_on: credited ? on : null, due_day: `${nextYear}-${pad(nextMonth)}-20`,
    });
    if (name === to) break;
    [year, month] = [nextYear, nextMonth];
  }
  return { entries, months, balance };
}

// The interest year so far at one balance, and two settled ones, the older of them posted wrongly.
function laidOpen(me, balance) {
  const interest = Math.round((balance * 146 * 0.015) / 360);
  const year = (number, state, to, posted, recomputed) => ({
    year: number, state, from: `${number - 1}-07-01`, to, posted: posted === null ? null : yuan(posted), recomputed: yuan(recomputed),
    difference: posted === null ? null : yuan(posted - recomputed),
  });
  const running = year(2027, 'running', TODAY, null, interest);
  return {
    today: TODAY, account: me, years: [running, year(2026, 'settled', '2026-06-30', 647_36, 647_36), year(2025, 'settled', '2025-06-30', 397_86, 396_86)], year: running,
    lines: balance ? [{ from: '2026-07-01', to: TODAY, days: 146, part: 'whole', balance: yuan(balance), rate: '1.50', product: yuan(balance * 146) }] : [],
    left_out: 0, sums: balance ? [{ rate: '1.50', product: yuan(balance * 146) }] : [], unrounded: `${yuan(interest)}0000`, day_count: 360, day: null, day_balance: null,
  };
}

function person({ odd = {}, from, to, account = {}, frozen = 0, others = [], loans = [], applications = [], name = '李*华', after = () => {} }) {
  const lived = life({ odd, from, to });
  after(lived);
  const { entries, months, balance } = lived;
  const interest = Math.round(balance * 0.0057);
  const gaps = months.filter((one) => one.state === 'missing' || one.state === 'short').map((one) => ({
    month: one.month, state: one.state, shortfall: one.state === 'short' ? '101.00' : '2002.00',
  })).reverse();
  const paid = months.filter((one) => one.credited_on);
  const last = paid.at(-1);
  const strip = {
    months: months.slice(-36).map(({ month, state }) => ({ month, state })),
    consecutive: gaps.length ? 1 : paid.length,
    consecutive_if_mended: gaps.length ? 7 : paid.length,
    last: last ? { month: last.month, amount: yuan(2002_00), credited_on: last.credited_on } : null,
    gaps,
  };
  const me = {
    position: 1, number: '530100200417', state: '01', opened: `${from ?? '2021-03'}-03`, closed: null, close_reason: null, merged_into: null,
    unit: UNIT, office: OFFICE, ...account,
  };
  const agreed = { base: '20010.00', unit_ratio: '5.00', own_ratio: '5.00', unit_amount: '1001.00', own_amount: '1001.00', total: '2002.00', paid_to: last?.month ?? null };
  const handler = { name: '王*', phone: '0871-6555-0132' };
  const shut = me.closed !== null;
  return {
    name,
    overview: {
      today: TODAY, name, last_sign_in: '2026-10-28T19:04:11+08:00', account: me, other_accounts: others, agreed, handler,
      balance: {
        total: yuan(balance + interest), principal: yuan(balance), interest: yuan(interest), interest_since: '2026-07-01',
        carried: yuan(Math.round(balance * 0.86)), this_year: yuan(balance - Math.round(balance * 0.86)), frozen: yuan(frozen),
        frozen_since: frozen ? '2026-08-14' : null, frozen_by: frozen ? '示范区人民法院' : null, available: yuan(Math.max(0, balance - frozen)), own_freeze_since: null,
      },
      contributions: strip, recent: entries.slice(-7).reverse(),
      curve: entries.slice(-37).map((one) => ({ day: one.booked, balance: one.balance })),
      next_settlement: shut || balance === 0 ? null : { day: '2027-06-30', at_least: yuan(Math.round(balance * 0.0148)) },
      applications, loans,
    },
    contributions: { today: TODAY, account: me, agreed, handler, strip, years: [...new Set(months.map((one) => Number(one.month.slice(0, 4))))].reverse(), months: [...months].reverse() },
    entries: { today: TODAY, account: me, entries: [...entries].reverse(), more: false, years: [...new Set(entries.map((one) => Number(one.booked.slice(0, 4))))].reverse() },
    withdrawals: { today: TODAY, account: me, more: false, applications: applications.map((one) => ({ ...one, flow: null, cancellable: false, steps: [{ day: one.applied, kind: '01', words: '已提交申请' }] })) },
    loan: { today: TODAY, account: me, count: loans.length, loan: loans[0] ? { ...loans[0], ...LOAN_DETAIL } : null },
    interest: laidOpen(me, balance),
    looks: {
      today: TODAY, more: false,
      looks: [
        { at: '2026-11-23T09:12:40+08:00', actor_kind: 'holder', actor: '', place: 'phone', channel: 'web', part: 'overview', purpose: 'own' },
        { at: '2026-11-23T09:12:58+08:00', actor_kind: 'holder', actor: '', place: 'phone', channel: 'web', part: 'contributions', purpose: 'own' },
        { at: '2026-11-22T17:40:02+08:00', actor_kind: 'holder', actor: '', place: 'desktop', channel: 'web', part: 'ledger', purpose: 'own' },
        { at: '2026-11-18T10:26:31+08:00', actor_kind: 'staff', actor: '工号 0317', place: '城东管理部柜台', channel: 'command', part: 'ledger', purpose: 'service', case_no: 'GT-20261118-0042' },
        { at: '2026-11-18T10:25:07+08:00', actor_kind: 'staff', actor: '工号 0317', place: '城东管理部柜台', channel: 'command', part: 'overview', purpose: 'service', case_no: 'GT-20261118-0042' },
        { at: '2026-11-02T15:40:12+08:00', actor_kind: 'employer', actor: UNIT, place: '单位网厅', channel: 'web', part: 'overview', purpose: 'check', outcome: 'refused' },
        { at: '2026-10-28T19:04:20+08:00', actor_kind: 'holder', actor: '', place: 'phone', channel: 'web', part: 'overview', purpose: 'own' },
      ].map((one, index) => ({ seq: 40 - index, case_no: '', outcome: 'shown', ...one })),
    },
  };
}

const LOAN = {
  state: '01', method: '01', rate: '2.6000', months: 360, periods_paid: 42, paid_out: '700000.00', paid_out_on: '2023-05-20', balance: '645991.65', last_due: '2053-05-20',
  next_due: '2026-12-20', next_payment: '2813.09', next_principal: '1413.44', next_interest: '1399.65', overdue_periods: 0, overdue_principal: '0.00', overdue_interest: '0.00', bank: '示范银行翠湖支行',
};
const LOAN_DETAIL = {
  number: 'DK530100200417', contract: 'JK530100200417', signed: '2023-05-17', principal: '700000.00', price: '1200000.00', guarantee: '01', shared: true,
  principal_repaid: '54008.35', interest_repaid: '64141.43', settled: null, rates: [{ since: '2023-05-20', rate: '2.60', payment: '2813.09' }],
  plan: {
    instalments: [{ period: 43, due: '2026-12-20', payment: '2813.09', principal: '1413.44', interest: '1399.65', left: '644578.21' }],
    payment: '2813.09', interest: '1399.65', agrees: false,
  },
  history: [{ seq: 1, happened: '2023-05-20', booked: '2023-05-20', kind: '01', period: null, amount: '-700000.00', principal: '700000.00', interest: '0.00', penalty: '0.00', balance: '700000.00', flow: 'L2023052000001', reverses: null }],
  more: false,
};
const application = (state, decide_by = null) => ({ number: 'TQ2026112001', applied: '2026-11-20', reason: '06', amount: '6000.00', state, decide_by });

// What the entries, newest first, come to in each month.
const GROUPS = { '01': 'contributed', '02': 'contributed', '09': 'interest', '11': 'withdrawn', '12': 'withdrawn' };
function histories(entries) {
  const months = new Map();
  for (const one of [...entries].reverse()) {
    const month = one.booked.slice(0, 7);
    const point = months.get(month) ?? { month, contributed: '0.00', withdrawn: '0.00', interest: '0.00', other: '0.00' };
    const group = GROUPS[one.kind] ?? 'other';
    months.set(month, { ...point, [group]: yuan(fen(point[group]) + fen(one.amount)), balance: one.balance });
  }
  return [...months.values()];
}

// The fund year 2026 out of the entries and months.
const WHAT = { '09': 'interest', '11': 'withdrawn' };
function yearOf({ overview, contributions, entries: { entries } }) {
  const [from, to] = ['2025-07-01', '2026-06-30'];
  const inside = entries.filter((one) => one.booked >= from && one.booked <= to);
  const before = entries.find((one) => one.booked < from);
  const total = (list, field) => yuan(list.reduce((all, one) => all + fen(one[field]), 0));
  const moved = [{ what: 'unit', reason: null, amount: total(inside, 'unit_amount') }, { what: 'own', reason: null, amount: total(inside, 'own_amount') }];
  for (const [kind, what] of Object.entries(WHAT)) {
    for (const reason of new Set(inside.filter((one) => one.kind === kind).map((one) => one.reason))) {
      moved.push({ what, reason, amount: total(inside.filter((one) => one.kind === kind && one.reason === reason), 'amount') });
    }
  }
  return {
    today: TODAY, account: overview.account, years: [2027, 2026, 2025], year: 2026, running: false, from, to, opening: before?.balance ?? '0.00', closing: inside[0]?.balance ?? before?.balance ?? '0.00',
    moved: moved.filter((one) => fen(one.amount)), before: before ? { contributed: '24024.00', interest: '1020.30', withdrawn: '0.00' } : null,
    months: contributions.months.filter(({ month }) => month >= '2025-07' && month <= '2026-06').map(({ month, state }) => ({ month, state })).reverse(), loans: null,
  };
}

// The last entry was a mistake and is taken back.
function reversed(lived) {
  const wrong = lived.entries.at(-1);
  const before = lived.entries.at(-2).balance;
  lived.entries.push({
    ...wrong, seq: wrong.seq + 1, amount: `-${wrong.amount}`, unit_amount: `-${wrong.unit_amount}`, own_amount: `-${wrong.own_amount}`,
    booked: '2026-11-20', balance: before, reverses: wrong.seq, flow: `${wrong.flow}R`,
  });
}

// 20,010.00 × 5 % = 1,000.50, to the whole yuan 1,001.00; limits are known from 2025 on, the class never.
function monthOpen(me, month) {
  const known = month.month >= '2025-01';
  const cite = { mark: 'S2', note: null, sources: [{ title: 'A policy database', address: 'https://policy.example' }] };
  return {
    today: TODAY, account: me.overview.account, month, office: OFFICE, class: null, base_is: known ? 'within' : 'unknown',
    base_limits: known ? { since: '2025-01-01', cap: '32470.00', floors: [{ class: 'I', amount: '2170.00' }, { class: 'II', amount: '2020.00' }], cite } : null,
    unit_ratio_is: 'within', own_ratio_is: 'within', ratio_limits: { since: '2021-02-01', floor: '5.00', cap: '12.00', cite },
    shares: { unit_exact: '1000.500000', own_exact: '1000.500000', unit: '1001.00', own: '1001.00' },
    credits: me.entries.entries.filter((one) => one.for_month === month.month).reverse().map((one) => ({
      seq: one.seq, booked: one.booked, value_date: one.value_date, kind: one.kind, unit: UNIT, unit_amount: one.unit_amount, own_amount: one.own_amount,
      flow: one.flow, reverses: one.reverses, reversed: me.entries.entries.some((other) => other.reverses === one.seq),
    })),
    consecutive: month.state === 'full' ? 12 : 0,
  };
}

export const people = {
  li: () => person({ odd: { repays: true, '2025-08': 'backpaid', '2025-02': 'late', '2026-03': 'short', '2026-09': 'missing', '2026-11': 'awaited' }, to: '2026-11', loans: [LOAN], applications: [application('01', '2026-11-26')] }),
  plain: () => person({ to: '2026-11', odd: { '2026-11': 'awaited' }, name: '欧阳*', after: reversed }),
  stopped: () => {
    const stopped = person({});
    stopped.overview.balance.own_freeze_since = '2026-11-22T21:05:00+08:00';
    return stopped;
  },
  new: () => person({ from: '2026-11', to: '2026-11', odd: { '2026-11': 'awaited' }, name: '张*' }),
  sealed: () => person({ odd: { '2026-08': 'sealed', '2026-09': 'sealed', '2026-10': 'sealed', '2025-12': 'extra' }, account: { state: '02' } }),
  frozen: () => person({ frozen: 30000_00, account: { state: '06' }, loans: [{ ...LOAN, state: '02', overdue_periods: 2, overdue_principal: '2826.88', overdue_interest: '2799.30' }] }),
  closed: () =>
    person({
      to: '2026-07', account: { state: '05', closed: '2026-09-15', close_reason: '03' },
      others: [{ position: 2, number: '530100100033', state: '03', opened: '2012-04-01', closed: '2021-05-06', close_reason: null, merged_into: '530100200417', unit: '春晓商贸有限公司', office: '城西管理部' }],
      after: (lived) => {
        lived.entries.push({ ...lived.entries.at(-1), seq: lived.entries.length + 1, booked: '2026-09-15', value_date: '2026-09-15', kind: '12', for_month: null, unit_amount: '0.00', own_amount: '0.00', amount: yuan(-lived.balance), interest: '411.20', balance: '0.00', reason: '03' });
        lived.balance = 0;
      },
    }),
};

const problem = (status, code, more = {}, headers = {}) => ({ status, type: 'application/problem+json', body: { type: 'about:blank', title: code, status, code, ...more }, headers });
const ok = (body) => ({ status: 200, type: 'application/json', body });

/**
 * Starts it. `rules` is consulted first for every request to the API: it maps "METHOD path" to a
 * function that gets (query, body) and returns an answer made by `problem` or `ok`, "cut" to break
 * the connection, a promise of either, or undefined to go on.
 */
export async function startStub({ port = 0, pages = join(process.env.ANJU_BUILD ?? join(root, 'build'), 'web/hall') } = {}) {
  const rules = new Map();
  const sessions = new Map();
  let tries = 5;

  function answer(method, path, query, body, cookie) {
    const session = /(?:^|; )__Host-anju=(\w+)/.exec(cookie ?? '')?.[1];
    const me = sessions.get(session);
    switch (`${method} ${path}`) {
      case 'GET /api/v1/centre':
        return ok({ name: { zh: '示范市住房公积金管理中心', en: 'Demonstration City Housing Provident Fund Centre' }, today: TODAY, zone: 'Asia/Shanghai', hotline: '12329', demo: true, code_digits: 6, registration: true });
      case 'GET /api/v1/offices':
        return ok({
          hotline: '12329', site: 'https://gjj.example', cite: { mark: 'G', note: { zh: '没有找到各管理部的地址', en: 'No list was found' }, sources: [{ title: 'General knowledge', address: '' }] }, offices: [],
          other: { name: { zh: '示范省省级职工住房资金管理中心', en: 'Demonstration Provincial Centre' }, cite: { mark: 'S2', note: null, sources: [{ title: 'A policy database', address: 'https://policy.example' }] } },
        });
      case 'POST /api/v1/sign-in':
        if (body.password === 'wrong' || !people[body.login.toLowerCase()]) return problem(401, 'credentials-wrong');
        return ok({ challenge: body.login.toLowerCase(), sent_to: '100****0132', expires_at: '2026-11-23T15:42:00+08:00' });
      case 'POST /api/v1/sign-in/code':
        if (body.code !== '123456') return problem(401, 'code-wrong', { tries_left: --tries });
        sessions.set(body.challenge, people[body.challenge]());
        return { status: 204, headers: { 'set-cookie': `__Host-anju=${body.challenge}; Path=/; Secure; HttpOnly; SameSite=Strict` } };
    }
    if (!me) return problem(401, session ? 'session-ended' : 'session-needed');
    switch (`${method} ${path}`) {
      case 'POST /api/v1/sign-out':
        sessions.delete(session);
        return { status: 204, headers: { 'set-cookie': '__Host-anju=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0' } };
      case 'GET /api/v1/me/overview':
        return ok(me.overview);
      case 'GET /api/v1/me/contributions':
        return ok({ ...me.contributions, months: me.contributions.months.filter((one) => !query.year || one.month.startsWith(query.year)) });
      case 'GET /api/v1/me/contributions/month': {
        const month = me.contributions.months.find((one) => one.month === `${query.year}-${pad(query.month)}`);
        return month ? ok(monthOpen(me, month)) : problem(404, 'not-found');
      }
      case 'GET /api/v1/me/history':
        return ok({
          today: TODAY, account: me.overview.account,
          points: histories(me.entries.entries),
        });
      case 'GET /api/v1/me/entries': {
        const all = me.entries.entries.filter(
          (one) => (!query.year || one.booked.startsWith(query.year)) && (!query.kind || one.kind === query.kind) && (!query.before || one.seq < Number(query.before)),
        );
        const limit = Number(query.limit ?? 30);
        return ok({ ...me.entries, entries: all.slice(0, limit), more: all.length > limit });
      }
      case 'GET /api/v1/me/withdrawals':
        return ok(me.withdrawals);
      case 'GET /api/v1/me/loan':
        return ok(me.loan);
      case 'GET /api/v1/me/interest':
        return ok(me.interest);
      case 'GET /api/v1/me/year':
        return ok(yearOf(me));
      case 'GET /api/v1/me/security':
        return ok({ today: TODAY, phone: '100****0132', payments_stopped_since: null, sessions: [], sign_ins: [] });
      case 'GET /api/v1/me/messages':
        return ok({ today: TODAY, unread: 0, mark: 1795392000000, messages: [], more: false });
      case 'GET /api/v1/me/enquiries':
        return ok({ today: TODAY, answer_days: 5, enquiries: [], more: false });
      case 'GET /api/v1/me/looks':
        return ok(me.looks);
    }
    return problem(404, 'not-found');
  }

  async function file(path, response) {
    const name = extname(path) ? normalize(path) : '/index.html';
    try {
      const bytes = await readFile(join(pages, name));
      response.writeHead(200, { ...HEADERS, 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404, HEADERS).end();
    }
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://stub');
    if (!pathname.startsWith('/api/')) return file(pathname, response);
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = text ? JSON.parse(text) : undefined;
    const query = Object.fromEntries(searchParams);
    const rule = rules.get(`${request.method} ${pathname}`);
    const said = (await rule?.(query, body)) ?? answer(request.method, pathname, query, body, request.headers.cookie);
    if (said === 'cut') return request.socket.destroy();
    const headers = { ...HEADERS, 'cache-control': 'no-store', ...(said.type && { 'content-type': said.type }), ...said.headers };
    const answered = said.body ? JSON.stringify(said.body) : '';
    checkAnswer(request.method, pathname, { status: said.status, headers, json: said.body, text: answered });
    return response.writeHead(said.status, headers).end(answered);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    rules,
    problem,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { origin } = await startStub({ port: Number(process.argv[2] ?? 8099) });
  console.log(`${origin}  (${Object.keys(people).join(', ')})`);
}
