// Registering in the hall over the real stand-ins: every outcome, every mood of the other parties.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { codeFor, messages, send, signIn, startService } from './support/service.mjs';

let s;
let people;
before(async () => {
  s = await startService({ people: 300, seed: 7 });
  people = await (await fetch(`${s.addresses.bank_card_check}/people`)).json();
});
after(() => s?.stop());

const PASSWORD = 'correct horse 电池';
const of = (kind, n = 0) => people.filter((one) => one.kind === kind)[n];
const form = ({ name, id_number, card, phone }, more = {}) => ({ name, id_number, card, phone, language: 'zh', ...more });

async function mode(party, word) {
  const answer = await fetch(`${s.addresses[party]}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode: word }),
  });
  assert.equal(answer.status, 200);
}

/** The first step, and the code that arrived. */
async function start(who, more) {
  const phone = more?.phone ?? who.phone;
  const before = (await messages(s, phone)).length;
  const answer = await send(s, 'POST', '/api/v1/registration', { body: form(who, more) });
  assert.equal(answer.status, 200, answer.text);
  return { registration: answer.json.registration, code: await codeFor(s, phone, before), said: answer.json };
}
const check = ({ registration, code }) => send(s, 'POST', '/api/v1/registration/code', { body: { registration, code } });
const finish = ({ registration }, password = PASSWORD) =>
  send(s, 'POST', '/api/v1/registration/password', { body: { registration, password } });
const other = (code) => (code === '000000' ? '000001' : '000000');

/** Somebody of the city who is nobody's example above, so that limits on a phone are not reached. */
const stranger = (n) =>
  s.truth.filter((one) => one.phone && one.card && !one.closed && !one.demo && one.last_contribution && !people.some((p) => p.id_number === one.id_number))[n];

/** Numbers that nobody has, with their check digits. */
const card = (first) => {
  for (let d = 0; d < 10; d++) {
    const sum = [...first + d].reverse().reduce((all, c, i) => all + (i % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][c] : Number(c)), 0);
    if (sum % 10 === 0) return first + d;
  }
};
const id = (first) => {
  const sum = [...first].reduce((all, c, i) => all + c * (2 ** (17 - i) % 11), 0);
  return first + '10X98765432'[sum % 11];
};
const NO_CARD = card('999999000000000');
const NO_ID = id('53019919900101005');

test('the centre says that people can register', async () => {
  assert.equal((await send(s, 'GET', '/api/v1/centre')).json.registration, true);
});

test('name, ID number, card, phone and code make a member who signs in', async () => {
  const who = of('ready');
  const begun = await start(who);
  assert.match(begun.said.sent_to, /^100\*+\d{4}$/);
  assert.equal((await finish(begun)).json.code, 'registration-over', 'no password before the checks');
  const outcome = await check(begun);
  assert.equal(outcome.status, 200, outcome.text);
  assert.deepEqual(outcome.json, { outcome: 'ready', first_payment: null, other_centre: null });
  for (const weak of ['short', '88888888', who.phone.slice(0, 8), who.id_number.slice(2, 12)]) {
    const refused = await finish(begun, weak);
    assert.equal(refused.status, 422);
    assert.equal(refused.json.field, 'password');
  }
  const seen = (await messages(s, who.phone)).length;
  assert.equal((await finish(begun)).status, 204);
  for (const deadline = Date.now() + 15_000; (await messages(s, who.phone)).length === seen; ) {
    assert.ok(Date.now() < deadline, 'a welcome arrives');
    await new Promise((r) => setTimeout(r, 50));
  }
  assert.match((await messages(s, who.phone))[0].text, /您已完成实名注册/);
  assert.equal((await finish(begun)).json.code, 'already-registered');
  const truth = s.truth.find((one) => one.id_number === who.id_number && !one.closed);
  const me = await signIn(s, { ...who, password: PASSWORD });
  const overview = await send(me, 'GET', '/api/v1/me/overview');
  assert.equal(overview.json.account.number, truth.account);
  const told = (await send(me, 'GET', '/api/v1/me/messages')).json.messages.filter((m) => m.kind === 'registered');
  assert.equal(told.length, 1);
  // The same person once more: told only after both checks have passed.
  const again = await start(who);
  assert.equal((await check(again)).json.outcome, 'registered');
});

test('each true reason is told once both checks have passed', async () => {
  const waiting = await check(await start(of('new')));
  assert.equal(waiting.json.outcome, 'waiting');
  assert.match(waiting.json.first_payment.month, /^\d{4}-\d{2}$/);
  assert.ok(waiting.json.first_payment.unit.length > 1);
  assert.ok(waiting.json.first_payment.handler.name.includes('*'), 'the handler is masked');
  const elsewhere = await check(await start(of('elsewhere')));
  assert.equal(elsewhere.json.outcome, 'elsewhere');
  assert.match(elsewhere.json.other_centre.zh, /中心/);
  const registered = await start(of('registered'));
  assert.equal((await check(registered)).json.outcome, 'registered');
  assert.notEqual((await finish(registered)).status, 204, 'and nobody is registered twice');
});

test('before that every refusal is one sentence, whoever it is', async () => {
  const [a, b] = [of('ready', 1), of('ready', 2)];
  const tries = [
    { ...a, name: b.name }, // another's name
    { ...a, card: b.card }, // another's card
    { ...of('registered', 1), name: a.name }, // a member
    { ...of('registered', 2), card: b.card },
    { ...of('new', 1), card: b.card }, // nothing posted
    { ...of('elsewhere'), card: b.card }, // nobody here
    { ...a, id_number: NO_ID, phone: '10000000777' }, // nobody at all
  ];
  const answers = [];
  for (const one of tries) answers.push(await check(await start(one)));
  for (const answer of answers) {
    assert.equal(answer.status, 403);
    assert.equal(answer.json.code, 'registration-refused');
    assert.deepEqual(answer.json, answers[0].json);
  }
});

test('the first step says the same, whoever it is', async () => {
  const who = stranger(0);
  const nobody = { name: '某某某', id_number: NO_ID, card: NO_CARD, phone: '10000000888' };
  const shape = (one) => [Object.keys(one).sort(), one.registration.length, one.sent_to.replace(/\d{4}$/, 'dddd')];
  const known = await start(who);
  const unknown = await start(nobody);
  assert.deepEqual(shape(unknown.said), shape(known.said));
});

test('a field that will not do is named, and nothing is sent', async () => {
  const who = stranger(1);
  const cases = [
    ['name', '某'], ['name', ' 某某'], ['name', '某\u0007某'],
    ['id_number', NO_ID.slice(0, 17) + (NO_ID.endsWith('5') ? '6' : '5')], ['id_number', '11010519491231002X'], ['id_number', 'ab-12345'],
    ['card', NO_CARD.slice(0, 15) + (Number(NO_CARD[15]) + 1) % 10], ['card', '4111111111111111'], ['card', '999999000000000a'],
    ['phone', '13800000000'], ['phone', '1000000000a'],
    ['language', 'fr'],
  ];
  for (const [field, value] of cases) {
    const answer = await send(s, 'POST', '/api/v1/registration', { body: form(who, { [field]: value }) });
    assert.equal(answer.status, 422, `${field} ${value}: ${answer.text}`);
    assert.equal(answer.json.code, 'field-invalid');
    assert.equal(answer.json.field, field);
  }
  assert.equal((await messages(s, who.phone)).length, 0);
  const extra = await send(s, 'POST', '/api/v1/registration', { body: { ...form(who), more: 1 } });
  assert.equal(extra.json.code, 'body-malformed');
});

test('wrong codes are counted, and end the registration', async () => {
  const begun = await start(stranger(2));
  for (let left = 4; left >= 0; left--) {
    const wrong = await check({ ...begun, code: other(begun.code) });
    assert.equal(wrong.json.code, 'code-wrong');
    assert.equal(wrong.json.tries_left, left);
  }
  assert.equal((await check(begun)).json.code, 'code-expired');
  assert.equal((await check({ registration: 'A'.repeat(43), code: '123456' })).json.code, 'code-expired');
});

test('a phone gets three codes in a quarter of an hour, whoever asks for it', async () => {
  const who = stranger(3);
  for (let i = 0; i < 3; i++) await start(who);
  const answer = await send(s, 'POST', '/api/v1/registration', { body: form(stranger(4), { phone: who.phone }) });
  assert.equal(answer.status, 429);
  assert.equal(answer.json.code, 'wait');
  assert.ok(answer.json.until);
  assert.equal((await messages(s, who.phone)).length, 3);
});

test('a card that was refused five times waits, in other names as well', async () => {
  for (let i = 5; i < 10; i++) {
    const answer = await check(await start(stranger(i), { card: NO_CARD }));
    assert.equal(answer.json.code, 'registration-refused');
  }
  const answer = await check(await start(stranger(10), { card: NO_CARD }));
  assert.equal(answer.status, 429);
  assert.equal(answer.json.code, 'wait');
});

test('a party that is slow, wrong or down costs nothing, and the same registration goes on', async (t) => {
  t.after(() => Promise.all([mode('identity_check', 'ok'), mode('bank_card_check', 'ok')]));
  const begun = await start(stranger(11));
  for (const [party, word] of [['identity_check', 'wrong'], ['bank_card_check', 'down']]) {
    await mode(party, word);
    const away = await check(begun);
    assert.equal(away.status, 503, word);
    assert.equal(away.json.code, 'check-away');
    assert.ok(Number(away.headers['retry-after']) > 0);
    await mode(party, 'ok');
  }
  await mode('bank_card_check', 'slow');
  const outcome = await check(begun);
  assert.equal(outcome.status, 200, outcome.text);
  assert.equal(outcome.json.outcome, 'ready');
  // It is known now: nobody is asked again.
  await mode('bank_card_check', 'down');
  assert.equal((await check(begun)).json.outcome, 'ready');
});

test('a party that hangs hurts nobody else', async (t) => {
  t.after(() => mode('identity_check', 'ok'));
  const d = s.demo[0];
  const me = await signIn(s, d);
  const begun = [];
  for (let i = 12; i < 24; i++) begun.push(await start(stranger(i)));
  await mode('identity_check', 'hang');
  let waiting = true;
  const hanging = Promise.all(begun.map(check)).finally(() => { waiting = false; });
  const times = [];
  while (waiting && times.length < 40) {
    const began = performance.now();
    assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
    await signIn(s, s.demo[1 + (times.length % 4)]).catch((e) => { if (!/429/.test(e.message)) throw e; });
    times.push(performance.now() - began);
    await new Promise((r) => setTimeout(r, 50));
  }
  assert.ok(times.length >= 5, `${times.length} others meanwhile`);
  times.sort((a, b) => a - b);
  assert.ok(times[Math.floor(times.length / 2)] < 2500, `half of them within ${times[Math.floor(times.length / 2)]} ms`);
  for (const answer of await hanging) assert.ok([503].includes(answer.status), `${answer.status}`);
  for (const answer of await hanging) assert.ok(['check-away', 'busy'].includes(answer.json.code));
});

test('the log says that somebody was asked, and not about whom', async () => {
  await new Promise((done) => { setTimeout(done, 1500); }); // a request's line comes within a second
  const said = s.said() + ['error.log', 'access.log'].map((f) => readFileSync(path.join(s.home, 'log', f), 'utf8')).join('');
  const lines = said.split('\n').filter((line) => line.includes('"provider-asked"')).map((line) => JSON.parse(line));
  assert.ok(lines.length > 10);
  for (const provider of ['identity', 'bank-card']) {
    const line = lines.find((one) => one.provider === provider);
    assert.deepEqual(Object.keys(line).sort(), ['event', 'level', 'ms', 'outcome', 'program', 'provider', 'time', 'tries']);
  }
  for (const one of people) {
    for (const secret of [one.id_number, one.card, one.phone, one.name]) {
      // The demo's depositors are printed by the service that is asked to; nobody else is anywhere.
      if (one.kind !== 'registered') assert.ok(!said.includes(secret), 'a log holds personal data');
    }
  }
});
