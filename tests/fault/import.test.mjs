// anju import killed, interrupted, run twice at once: the set is in the ledger whole, or not at all.
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { after, before } from 'node:test';

import {
  begin, command, emptyDemoHome, fingerprint, oneLine, random, seed, sleep, succeed, tally, temporary, until, verifies, writeCity,
} from './support/fault.mjs';

const SMALL = { people: 300, kills: 22 };
const MIDDLE = { people: 2500, kills: 12 };

const cities = temporary('city');
const places = [];

async function home() {
  const place = await emptyDemoHome();
  places.push(place);
  return place;
}

// How long an undisturbed import takes, the quicker of two, and what it leaves.
async function reference(set) {
  set.folder = await writeCity(path.join(cities, String(set.people)), '--people', set.people);
  const first = await succeed(['import', set.folder], await home());
  const place = await home();
  set.ms = Math.min(first.ms, (await succeed(['import', set.folder], place)).ms);
  set.tally = await tally(place);
  set.fingerprint = await fingerprint(place);
  await verifies(place);
}

before(async () => {
  await reference(SMALL);
  await reference(MIDDLE);
});
after(async () => {
  for (const place of places) await place.remove();
});

// After a kill: nothing of the set, or, when the kill came after the commit, all of it.
async function taken(place, set, when) {
  await verifies(place);
  const found = await tally(place);
  if (found.batch === 0) {
    const some = Object.entries(found).filter(([, count]) => count > 0);
    assert.deepEqual(some, [], `${when}: rows without a batch`);
    return false;
  }
  assert.deepEqual(found, set.tally, `${when}: part of a set`);
  return true;
}

async function killedAt(set, moment, place) {
  const when = `killed after ${moment.toFixed(0)} of ${set.ms.toFixed(0)} ms (ANJU_TEST_SEED=${seed})`;
  const job = begin(['import', set.folder], place);
  await sleep(moment);
  job.child.kill('SIGKILL');
  await job.ended;
  return taken(place, set, when);
}

// A killed program's connection may live on PostgreSQL for a moment, and with it its lock.
async function importAgain(place, set) {
  await until('the repeated import', async () => {
    const end = await command(['import', set.folder], place);
    if (end.status === 75) return false;
    assert.equal(end.status, 0, end.err);
    return true;
  }, 30_000);
  assert.equal(await fingerprint(place), set.fingerprint, 'the repeat leaves what one import leaves');
  await verifies(place);
}

async function killAndRepeat(set, repeatEvery) {
  let place = await home();
  let traceless = 0;
  for (let i = 0; i < set.kills; i++) {
    // Spread over its life, and a little beyond.
    const moment = ((i + random()) / set.kills) * set.ms * 1.05;
    const whole = await killedAt(set, moment, place);
    traceless += whole ? 0 : 1;
    if (!whole && (i + 1) % repeatEvery !== 0) continue;
    if (!whole) await importAgain(place, set);
    assert.match((await succeed(['import', set.folder], place)).out, /already taken; nothing was changed/);
    place = await home();
  }
  return traceless;
}

test(`kill -9 at ${SMALL.kills} moments of a small import leaves no trace; a repeat succeeds`, async (t) => {
  const traceless = await killAndRepeat(SMALL, 11);
  t.diagnostic(`${traceless} before the commit; an import takes ${SMALL.ms.toFixed(0)} ms`);
  assert.ok(traceless >= SMALL.kills / 3);
});

test(`kill -9 at ${MIDDLE.kills} moments of a larger import leaves no trace; a repeat succeeds`, async (t) => {
  const traceless = await killAndRepeat(MIDDLE, 6);
  t.diagnostic(`${traceless} before the commit; an import takes ${MIDDLE.ms.toFixed(0)} ms`);
  assert.ok(traceless >= MIDDLE.kills / 3);
});

test('of two imports at once one takes the set, the other finds it taken', async () => {
  for (let i = 0; i < 3; i++) {
    const place = await home();
    const jobs = [begin(['import', SMALL.folder], place), begin(['import', SMALL.folder], place)];
    const ends = await Promise.all(jobs.map((job) => job.ended));
    for (const end of ends) assert.equal(end.status, 0, end.err);
    const words = ends.map((end) => (/already taken/.test(end.out) ? 'already' : 'taken')).sort();
    assert.deepEqual(words, ['already', 'taken']);
    assert.equal(await fingerprint(place), SMALL.fingerprint);
  }
});

test('while one import holds the ledger, another says busy after seconds and can be repeated', async () => {
  const place = await home();
  const first = begin(['import', MIDDLE.folder], place);
  await sleep(MIDDLE.ms / 3);
  first.child.kill('SIGSTOP');
  const second = await command(['import', MIDDLE.folder], { ...place, ms: 20_000 });
  assert.equal(second.status, 75);
  oneLine(second, /^anju import: .*(another process|lock).*\n$/i);
  first.child.kill('SIGCONT');
  assert.equal((await first.ended).status, 0);
  assert.match((await succeed(['import', MIDDLE.folder], place)).out, /already taken/);
  assert.equal(await fingerprint(place), MIDDLE.fingerprint);
});

test('Ctrl-C ends an import with one line, and nothing was changed', async () => {
  const place = await home();
  for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
    for (const share of [0.3, 0.7]) {
      const job = begin(['import', MIDDLE.folder], place);
      await sleep(share * MIDDLE.ms);
      job.child.kill(signal);
      const end = await job.ended;
      if (end.status === 0) continue; // it was quicker this time
      assert.equal(end.status, status);
      oneLine(end, /^anju import: interrupted; nothing was changed\.\n$/);
      assert.equal(await taken(place, MIDDLE, signal), false);
    }
  }
  await importAgain(place, MIDDLE);
});
