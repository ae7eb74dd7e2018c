// The service killed: what it acknowledged stays, sessions go on, and the next start is a quick one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, afterEach, before, describe } from 'node:test';

import {
  anju, cast, demoHome, killAll, nobodyLeft, random, registerMembers, rows, seed, sleep, start, until, verifies,
} from './support/fault.mjs';
import { codeFor, messages, send, signIn } from '../api/support/service.mjs';

const START_MS = 15_000; // a start that has to clean up or waits for a lock takes longer
const MEMBERS = 24;
const PARTS = { overview: 1, contributions: 2, entries: 3, looks: 4 };

let place;
let service;
let members;

before(async () => {
  place = await demoHome({ people: 150 });
  service = await start(place, { home: place });
  members = await registerMembers(place, service.truth, MEMBERS);
});
after(async () => {
  await service?.stop({ remove: false });
  killAll(place.home);
  await place.remove();
});

const at = (me) => ({ ...me, base: service.base }); // a session, at the service that runs now
const kill = (pids) => pids.forEach((pid) => process.kill(pid, 'SIGKILL'));

// Kills the supervisor alone, which takes everybody along, or everybody at once.
async function killService(everybody) {
  if (everybody) killAll(place.home);
  else service.child.kill('SIGKILL');
  await service.gone;
  await nobodyLeft(place.home);
}

async function startAgain() {
  service = await start(place, { home: place });
  assert.ok(service.startMs < START_MS, `the start took ${service.startMs.toFixed(0)} ms`);
}

// Everything that was acknowledged is in the stores.
async function nothingLost(acknowledged) {
  const looks = new Set((await rows(place, 'SELECT person, part FROM desk.look')).map((look) => `${look.person} ${look.part}`));
  for (const look of acknowledged.looks) assert.ok(looks.has(look), `lost: look ${look} (ANJU_TEST_SEED=${seed})`);
  const stops = (await rows(place, 'SELECT person FROM desk.freeze')).map((stop) => stop.person);
  for (const person of acknowledged.stops) assert.equal(stops.filter((p) => p === person).length, 1, `stop of ${person}`);
  await verifies(place);
}

describe('kill -9', () => {
  for (const everybody of [false, true]) {
    test(`of ${everybody ? 'everybody at once' : 'the supervisor'}: sessions, looks and stops are there after the next start`, async () => {
      const depositor = service.demo[everybody ? 1 : 0];
      const me = await signIn(service, depositor);
      const shown = await send(me, 'GET', '/api/v1/me/overview');
      assert.equal(shown.status, 200);
      assert.equal((await send(me, 'POST', '/api/v1/me/freezes', { body: {} })).status, 201);
      await killService(everybody);
      await startAgain();
      const again = await send(at(me), 'GET', '/api/v1/me/overview');
      assert.equal(again.status, 200);
      assert.deepEqual(again.json.account, { ...shown.json.account, ...again.json.account });
      assert.equal((await send(at(me), 'POST', '/api/v1/me/freezes', { body: {} })).json.code, 'already-frozen');
      const parts = (await send(at(me), 'GET', '/api/v1/me/looks')).json.looks.map((look) => look.part);
      assert.ok(parts.includes('overview') && parts.includes('freeze'), parts.join());
      await nothingLost({ looks: [`${depositor.person} 1`, `${depositor.person} 5`], stops: [depositor.person] });
    });
  }

  test('a session that was ended stays ended', async () => {
    const me = await signIn(service, service.demo[2]);
    assert.equal((await send(me, 'POST', '/api/v1/sign-out', { body: { everywhere: false } })).status, 204);
    await killService(true);
    await startAgain();
    assert.equal((await send(at(me), 'GET', '/api/v1/me/overview')).status, 401);
  });

  test('a code that was promised arrives after the next start, and works', async () => {
    const depositor = service.demo[3];
    const seen = (await messages(service, depositor.phone)).length;
    cast(place.home).worker.forEach((pid) => process.kill(pid, 'SIGSTOP')); // so that it is certainly not sent before
    const { status, json } = await send(service, 'POST', '/api/v1/sign-in', {
      body: { login: depositor.id_number, password: depositor.password },
    });
    assert.equal(status, 200);
    await killService(true);
    await startAgain();
    const now = (await messages(service, depositor.phone)).length;
    const code = await codeFor(service, depositor.phone, Math.min(seen, now));
    const signedIn = await send(service, 'POST', '/api/v1/sign-in/code', { body: { challenge: json.challenge, code } });
    assert.equal(signedIn.status, 204);
  });

  test('at random moments while people sign in, look and stop payments', async (t) => {
    const acknowledged = { looks: [], stops: [], sessions: [] };
    const waiting = [...members];
    // One person's visit; the connection may break at any point, and then nothing was acknowledged.
    const visit = async (member) => {
      const me = await signIn(service, member);
      acknowledged.sessions.push(me);
      for (const [where, part] of Object.entries(PARTS)) {
        if ((await send(me, 'GET', `/api/v1/me/${where}`)).status === 200) acknowledged.looks.push(`${member.person} ${part}`);
      }
      if ((await send(me, 'POST', '/api/v1/me/freezes', { body: {} })).status === 201) acknowledged.stops.push(member.person);
    };
    let rounds = 0;
    let slowest = 0;
    const began = performance.now();
    await visit(waiting.shift());
    const whole = performance.now() - began;
    while (waiting.length > 0) {
      let killed = false;
      const errors = [];
      const visitors = [0, 1].map(async () => {
        while (!killed && waiting.length > 0) await visit(waiting.shift()).catch((error) => killed || errors.push(error));
      });
      await Promise.race([Promise.all(visitors), sleep((0.1 + random() * 2) * whole)]);
      killed = true;
      await killService(rounds % 2 === 0);
      assert.deepEqual(errors, []);
      await startAgain();
      slowest = Math.max(slowest, service.startMs);
      rounds++;
    }
    t.diagnostic(`${rounds} kills, ${acknowledged.looks.length} looks, ${acknowledged.stops.length} stops, `
      + `${acknowledged.sessions.length} sessions; slowest start ${slowest.toFixed(0)} ms`);
    assert.ok(acknowledged.looks.length > 0);
    for (const me of acknowledged.sessions) assert.equal((await send(at(me), 'GET', '/api/v1/me/overview')).status, 200);
    await nothingLost(acknowledged);
  });
});

describe('one process killed', () => {
  let me;
  before(async () => { me = await signIn(service, service.demo[4]); });

  test('a worker of nginx: the session goes on', async () => {
    const old = cast(place.home).nginx;
    assert.ok(old.length > 0);
    kill(old);
    await until('an answer', () => send(me, 'GET', '/api/v1/me/overview').then((a) => a.status === 200, () => false), 15_000);
    const fresh = cast(place.home).nginx;
    assert.ok(fresh.length > 0 && fresh.every((pid) => !old.includes(pid)));
  });

  test('the worker: it is started again, and codes go on arriving', async () => {
    const old = cast(place.home).worker;
    assert.equal(old.length, 1);
    kill(old);
    await until('another worker', () => cast(place.home).worker.some((pid) => !old.includes(pid)));
    await signIn(service, service.demo[4]);
  });

  test('the stand-in of the gateway: codes wait for it', async () => {
    const gateway = () => cast(place.home).standin.filter((pid) => (
      fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('anju-standin-sms')
    ));
    const old = gateway();
    assert.equal(old.length, 1);
    kill(old);
    await signIn(service, service.demo[5]);
    assert.ok(gateway().every((pid) => !old.includes(pid)));
  });

  test('nginx as a whole: the session goes on', async () => {
    kill(cast(place.home).master);
    await until('an answer', () => send(me, 'GET', '/api/v1/me/overview').then((a) => a.status === 200, () => false), 15_000);
    await until('one nginx', () => cast(place.home).master.length === 1);
  });
});

describe('what an ended service left in run/', () => {
  afterEach(async () => {
    if (!service) service = await start(place, { home: place });
  });

  test('does not hinder the next, however it looks', async () => {
    await killService(true);
    service = null;
    const run = path.join(place.home, 'run');
    const left = fs.readdirSync(run, { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name);
    for (const name of ['addresses.json', 'serve.lock', 'nginx.conf', 'sessions', 'metrics']) {
      assert.ok(left.includes(name), `${name} among ${left}`);
    }
    for (const name of left) fs.writeFileSync(path.join(run, name), `${process.pid}\nnot what it was\n`);
    await startAgain();
    assert.equal((await send(service, 'GET', '/api/v1/centre')).status, 200);
    assert.equal((await fetch(`${service.addresses.operations}/metrics`)).status, 200);
    await signIn(service, service.demo[5]);
  });

  test('may be missing altogether', async () => {
    await killService(true);
    service = null;
    fs.rmSync(path.join(place.home, 'run'), { recursive: true });
    fs.rmSync(path.join(place.home, 'log'), { recursive: true });
    await startAgain();
    assert.equal((await send(service, 'GET', '/api/v1/centre')).status, 200);
  });
});

test('started with signals ignored, as in a shell\'s background, it ends with all helpers', async () => {
  await service.stop({ remove: false });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    const child = spawn('sh', ['-c', 'trap "" INT TERM HUP; exec "$0" serve', anju], {
      env: { ...place.env, ANJU_LISTEN: '127.0.0.1:0' }, stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    const all = cast(place.home);
    for (const [kind, pids] of Object.entries(all)) assert.ok(pids.length > 0, kind);
    const began = performance.now();
    child.kill(signal);
    const [status] = await once(child, 'exit');
    assert.equal(status, 0);
    assert.ok(performance.now() - began < 10_000);
    await nobodyLeft(place.home, 1000);
  }
  service = await start(place, { home: place });
});
