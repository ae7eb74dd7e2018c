// 更正与复核: what a holder asks is asked once, has a day by which it is answered, and the centre's
// answer arrives.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { run, send, signIn, startService } from './support/service.mjs';

let s, me;
before(async () => {
  s = await startService({ people: 120, seed: 11 });
  me = await signIn(s, s.demo[0]);
});
after(() => s?.stop());

let drawn = 0;
const key = () => `a-key-of-this-test-${++drawn}`;
const question = (more = {}) => ({ key: key(), about: 'month', ref: '2026-09', account: 1, words: '为什么这个月没有入账？', ...more });
const ask = (who, body) => send(who, 'POST', '/api/v1/me/enquiries', { body });
const list = async (who, query = '') => (await send(who, 'GET', `/api/v1/me/enquiries${query}`)).json;

test('asked, on the list with its last day, and no other person sees it', async () => {
  const asked = await ask(me, question());
  assert.equal(asked.status, 201);
  assert.equal(asked.json.replay, false);
  assert.equal(Date.parse(asked.json.due_on) - Date.parse(asked.json.asked_at.slice(0, 10)), 5 * 86_400_000);
  const all = await list(me);
  assert.equal(all.answer_days, 5);
  assert.deepEqual(all.enquiries.map((one) => [one.number, one.about, one.ref, one.state, one.words, one.answers]), [
    [asked.json.number, 'month', '2026-09', 'open', '为什么这个月没有入账？', []],
  ]);
  assert.equal(all.enquiries[0].account, s.demo[0].account);
  assert.deepEqual((await list(await signIn(s, s.demo[1]))).enquiries, []);
});

test('the same key and question is the same answer, another question with it is refused', async () => {
  const body = question({ about: 'state', ref: '' });
  const answers = await Promise.all([1, 2, 3, 4].map(() => ask(me, body)));
  assert.deepEqual(answers.map((one) => one.status), [201, 201, 201, 201]);
  assert.equal(answers.filter((one) => !one.json.replay).length, 1);
  assert.equal(new Set(answers.map((one) => one.json.number)).size, 1);
  const other = await ask(me, { ...body, words: '别的问题' });
  assert.equal(other.status, 409);
  assert.equal(other.json.code, 'key-reused');
});

test('a malformed question is refused with the member that is wrong', async () => {
  const wrong = {
    key: [undefined, '', 'short', 'with blanks in the key', 7],
    about: [undefined, 'balance', ''],
    ref: [undefined, '', '2026-13', '2026-09-01', 5],
    account: [undefined, 0, 9, '1', 1.5],
    words: [undefined, '', '  \n ', 'a\tb', '字'.repeat(1001)],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const answer = await ask(me, question({ [field]: value }));
      assert.equal(answer.status, 400, `${field} ${value}`);
      assert.equal(answer.json.field, field, `${field} ${value}`);
    }
  }
  assert.equal((await ask(me, question({ person: s.demo[1].person }))).status, 400);
  assert.equal((await ask(me, question({ account: 8 }))).status, 404, 'an account that is not there');
  // What is not there, and what is another person's, is refused in the same words.
  const other = s.truth.find((one) => one.entries > s.demo[0].entries);
  const of = async (about, ref) => {
    const answer = await ask(me, question({ about, ref }));
    return [answer.status, answer.json.code, answer.json.title];
  };
  const absent = await of('entry', '99999999');
  assert.equal(absent[0], 404);
  assert.deepEqual(await of('entry', String(other.entries)), absent);
  assert.deepEqual(await of('look', '99999999'), absent);
  assert.deepEqual(await of('loan', '9'), absent);
  const theirs = await signIn(s, s.demo.find((one) => one !== s.demo[0] && one.applications.total > 0));
  const [{ number }] = (await send(theirs, 'GET', '/api/v1/me/withdrawals')).json.applications;
  assert.deepEqual(await of('withdrawal', 'NOBODYS-1'), absent);
  assert.deepEqual(await of('withdrawal', number), absent);
  assert.equal((await list(me)).enquiries.length, 2);
});

test('the centre sees what waits, looks under the case number and answers; the holder reads both', async () => {
  const env = s.env;
  const waits = JSON.parse(run(['enquiry', 'list', '--json'], { env }).stdout);
  assert.equal(waits.length, 2);
  for (const one of waits) assert.deepEqual(Object.keys(one).sort(), ['about', 'asked_at', 'due_on', 'number']);
  const { number } = waits.find((one) => one.about === 'month');
  const looks = async () => (await send(me, 'GET', '/api/v1/me/looks')).json.looks;
  const before = (await looks()).length;
  const shown = JSON.parse(run(['enquiry', 'show', number, '--staff', '工号 0317', '--office', '城东管理部', '--json'], { env }).stdout);
  assert.equal(shown.words, '为什么这个月没有入账？');
  assert.equal(shown.account, s.demo[0].account);
  const input = '单位十月已补缴。\n利息从入账日起算。\n';
  assert.match(run(['enquiry', 'answer', number, '--staff', '工号 0317'], { env, input }).stdout, /answered/);
  const [look, first] = await looks();
  assert.equal((await looks()).length, before + 2);
  for (const one of [look, first]) {
    assert.deepEqual([one.actor_kind, one.actor, one.channel, one.part, one.purpose, one.case_no], ['staff', '工号 0317', 'command', 'enquiries', 'service', number]);
  }
  assert.equal(first.place, '城东管理部');
  const mine = (await list(me)).enquiries.find((one) => one.number === number);
  assert.equal(mine.state, 'answered');
  assert.deepEqual(mine.answers.map((one) => [one.words, one.staff]), [['单位十月已补缴。\n利息从入账日起算。', '工号 0317']]);
  run(['enquiry', 'answer', number, '--staff', '工号 0317', '--close'], { env, input: '已办结。' });
  assert.equal((await list(me)).enquiries.find((one) => one.number === number).state, 'closed');
  assert.match(run(['enquiry', 'answer', number, '--staff', '工号 0317'], { env, input: '再说', status: 1 }).stderr, /closed/);
  assert.equal(JSON.parse(run(['enquiry', 'list', '--json'], { env }).stdout).length, 1);
  assert.deepEqual(JSON.parse(run(['verify', '--json'], { env }).stdout).faults, []);
});

test('the command says what it wants', () => {
  const { env } = s;
  for (const args of [[], ['list', '--state', 'new'], ['list', '--limit', '0'], ['delete', 'W1'], ['show', 'a', 'b']]) {
    assert.match(run(['enquiry', ...args], { env, status: 64 }).stderr, /anju enquiry list/, args.join(' '));
  }
  assert.match(run(['enquiry', '--help'], { env }).stdout, /--close/);
  assert.match(run(['enquiry', 'show', 'W20261123-000000', '--staff', 'x'], { env, status: 1 }).stderr, /no such enquiry/);
  assert.match(run(['enquiry', 'show', 'W20261123-000000'], { env, status: 2 }).stderr, /--staff/);
  assert.match(run(['enquiry', 'list'], { env }).stdout, /days left\n1 open\n$/);
});

test('five in a day, then one waits; page by page', async () => {
  for (let n = 2; n < 5; n++) assert.equal((await ask(me, question({ about: 'other', ref: '' }))).status, 201);
  const sixth = await ask(me, question());
  assert.equal(sixth.status, 429);
  assert.equal(sixth.json.code, 'wait');
  const left = Date.parse(sixth.json.until) - Date.parse((await list(me)).enquiries.at(-1).asked_at);
  assert.ok(Math.abs(left - 86_400_000) <= 1000, String(left));
  assert.ok(Number(sixth.headers['retry-after']) > 80_000);
  const all = (await list(me)).enquiries;
  assert.equal(all.length, 5);
  const first = await list(me, '?limit=2');
  assert.equal(first.more, true);
  const second = await list(me, `?limit=3&before=${first.enquiries[1].seq}`);
  assert.deepEqual([...first.enquiries, ...second.enquiries], all);
  assert.equal(second.more, false);
});
