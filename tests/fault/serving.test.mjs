// A hundred thousand people are imported while the service runs: whoever signs in, looks for the
// first time at a part of the account, or stops payments is answered meanwhile, mostly within a second.
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { after, before } from 'node:test';

import {
  begin, demoHome, engine, killAll, registerMembers, rows, sleep, start, tally, temporary, verifies, writeCity,
} from './support/fault.mjs';
import { codeFor, send } from '../api/support/service.mjs';

const FIRST = 200;
const MORE = 100_000;
// Of history: about five million rows, and three; ANJU_TEST_YEARS=30 for all twelve.
const YEARS = Number(process.env.ANJU_TEST_YEARS ?? (engine === 'sqlite' ? 4 : 2));
const MEMBERS = 60;
const WITHIN_MS = 1000; // half of each kind
const NEVER_MS = 4500; // the slowest: a lock that an import holds is waited for for five seconds
const PARTS = ['overview', 'contributions', 'entries', 'looks'];

let place;
let service;
let members;
let city;

before(async () => {
  city = await writeCity(
    path.join(temporary('more'), 'city'), '--people', FIRST + MORE, '--skip', FIRST, '--set-number', 2, '--years', YEARS,
  );
  place = await demoHome({ people: FIRST });
  service = await start(place, { home: place });
  members = await registerMembers(place, service.truth, MEMBERS);
});
after(async () => {
  await service?.stop({ remove: false });
  killAll(place.home);
  await place.remove();
});

// What each kind of request took.
const took = {};
const note = (what, ms) => (took[what] ??= []).push(ms);
async function timed(what, status, to, method, where, body, headers) {
  const began = performance.now();
  const answer = await send(to, method, where, { body, headers });
  const ms = performance.now() - began;
  assert.ok(status.includes(answer.status), `${what}: ${answer.status} ${answer.text}`);
  note(what, ms);
  return answer;
}

// One visit: both steps of signing in, the first look at one part, and once a person the stop.
async function visit(member, round, done) {
  const { json } = await timed('sign-in', [200], service, 'POST', '/api/v1/sign-in', {
    login: member.id_number, password: member.password,
  });
  const waiting = performance.now();
  const code = await codeFor(service, member.phone, round);
  note('a code arrives', performance.now() - waiting);
  const signedIn = await timed('code', [204], service, 'POST', '/api/v1/sign-in/code', { challenge: json.challenge, code });
  const me = { base: service.base, cookie: /__Host-anju=([^;]+)/.exec(signedIn.headers['set-cookie'][0])[1] };
  const part = PARTS[round % PARTS.length];
  await timed(`first look: ${part}`, [200], me, 'GET', `/api/v1/me/${part}`);
  await timed('second look', [200], me, 'GET', `/api/v1/me/${part}`);
  done.looks.push([member.person, round % PARTS.length]);
  if (round === 0) {
    await timed('freeze', [201], me, 'POST', '/api/v1/me/freezes', {});
    done.freezes.push(member.person);
  }
  await timed('sign-out', [204], me, 'POST', '/api/v1/sign-out', { everywhere: false });
}

test(`${MORE} people are imported while others sign in, look and stop payments`, async (t) => {
  const before_ = await tally(place);
  const done = { looks: [], freezes: [] };
  const job = begin(['import', city], place);
  let visits = 0;
  while (job.child.exitCode === null) {
    // A member gets no more than five codes in a quarter of an hour.
    if (visits < MEMBERS * PARTS.length) {
      await visit(members[visits % MEMBERS], Math.floor(visits / MEMBERS), done);
      visits++;
    }
    await sleep(150);
  }
  const end = await job.ended;
  assert.equal(end.status, 0, end.err);

  const figures = [];
  for (const [what, all] of Object.entries(took)) {
    all.sort((a, b) => a - b);
    const [half, slowest] = [all[Math.floor(all.length / 2)], all.at(-1)];
    figures.push(`${what} ${half.toFixed(0)}/${slowest.toFixed(0)}`);
    assert.ok(half < WITHIN_MS && slowest < NEVER_MS, `${what} took ${half.toFixed(0)} ms, the slowest ${slowest.toFixed(0)} ms`);
  }
  t.diagnostic(`${/taken: (.*)$/m.exec(end.out)[1]} ${visits} visits meanwhile; half of them and slowest in ms: ${figures.join(', ')}`);
  assert.ok(visits > 15, `only ${visits} visits`);

  // All of it is there: the new people, and everything that was acknowledged.
  const after_ = await tally(place);
  assert.ok(after_.account - before_.account >= MORE);
  const looks = await rows(place, 'SELECT person, part FROM desk.look');
  const found = new Set(looks.map((look) => `${look.person} ${look.part}`));
  for (const [person, part] of done.looks) assert.ok(found.has(`${person} ${part + 1}`), `the look of ${person} is lost`);
  const stopped = new Set((await rows(place, 'SELECT person FROM desk.freeze')).map((freeze) => freeze.person));
  for (const person of done.freezes) assert.ok(stopped.has(person), `the stop of ${person} is lost`);
});

test('anju verify finds nothing wrong, beside the service', async () => {
  await verifies(place);
});
