// A full disk: an import fails with one line and leaves no trace; the service goes on answering what
// it can read, says so when it cannot write, loses nothing, and works again when there is room.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, afterEach, before, describe } from 'node:test';

import {
  cast, command, demoHome, engine, fingerprint, isRoot, killAll, nobodyLeft, oneLine, processesOf, registerMembers, rows, start, tally, temporary,
  until, verifies, writeCity,
} from './support/fault.mjs';
import { codeFor, send, signIn } from '../api/support/service.mjs';

const DISK_MIB = 40;
const IO = 74;

// File systems of their own: an ext4 in a file, where a loop device can be had, and a tmpfs. They fill up
// differently: a tmpfs wants room even for a hole that is only read.
const mounts = {
  ext4(image, disk) {
    execFileSync('truncate', ['-s', `${DISK_MIB}M`, image]);
    execFileSync('mkfs.ext4', ['-q', '-m', '0', '-O', '^has_journal', image], { stdio: 'pipe' });
    execFileSync('mount', ['-o', 'loop', image, disk], { stdio: 'pipe' });
  },
  tmpfs(image, disk) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', disk], { stdio: 'pipe' });
  },
};

const folder = temporary('disk');

// Where it was mounted; null where that cannot be.
function mountDisk(kind) {
  const disk = path.join(folder, kind);
  if (!isRoot || engine !== 'sqlite') return null;
  fs.mkdirSync(disk);
  try {
    mounts[kind](`${disk}.image`, disk);
    return disk;
  } catch {
    return null;
  }
}

// Takes all room, down to the last byte that can be had.
function fill(filler) {
  const fd = fs.openSync(filler, 'a');
  for (let size = 1 << 20; size >= 1;) {
    try {
      if (fs.writeSync(fd, Buffer.alloc(size, 1)) < size) size >>= 1;
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
      size >>= 1;
    }
  }
  fs.closeSync(fd);
}

for (const kind of Object.keys(mounts)) {
  const disk = mountDisk(kind);
  const skip = disk ? false : 'a file system of its own for the home needs root and SQLite';
  describe(`a full disk (${kind})`, { skip }, () => tests(kind, disk));
}

function tests(kind, disk) {
  const filler = path.join(disk, 'filler');
  const free = () => fs.rmSync(filler, { force: true });
  let place;
  let city;
  before(async () => {
    const made = await demoHome({ people: 120 });
    const home = path.join(disk, 'home');
    fs.cpSync(made.home, home, { recursive: true });
    place = { ...made, home, env: { ...made.env, ANJU_HOME: home } };
    city = await writeCity(path.join(folder, `city-${kind}`), '--people', 3000, '--skip', 120, '--set-number', 2);
  });
  afterEach(async () => {
    free();
    killAll(place.home); // a test that failed must not take the next ones along
    await nobodyLeft(place.home, 10_000);
  });
  after(async () => {
    killAll(place.home);
    execFileSync('umount', [disk]);
    await place.remove();
  });

  test('ends an import with one line, and nothing was changed', async () => {
    const print = await fingerprint(place);
    const end = await command(['import', city], place);
    assert.equal(end.status, IO);
    oneLine(end, /^anju import: .*(the disk is full|no space left|free space).*\n$/i);
    assert.equal(await fingerprint(place), print);
    await verifies(place);
    assert.ok(fs.statSync(path.join(place.home, 'ledger.db')).size < 20 << 20);
  });

  test('ends an import in the same way when there is no room at all', async () => {
    const print = await fingerprint(place);
    fill(filler);
    const end = await command(['import', city], place);
    assert.equal(end.status, IO);
    oneLine(end, /^anju import: /);
    free();
    assert.equal(await fingerprint(place), print);
    await verifies(place);
  });

  test('leaves the service reading; it says what it cannot write, loses nothing and recovers', async (t) => {
    const service = await start(place, { home: place });
    const [first, second, third] = service.demo;
    const members = await registerMembers(place, service.truth, 8);
    const me = await signIn(service, first);
    const other = await signIn(service, second);
    const untouched = await signIn(service, third);
    assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
    const before_ = { looks: await rows(place, 'SELECT count(*) AS n FROM desk.look'), ledger: await tally(place) };
    const started = processesOf(place.home).map(({ pid }) => pid).sort();

    fill(filler);
    // What is on record already may be read again; what would need a line is not shown.
    const seen = [];
    for (let i = 0; i < 20; i++) {
      assert.equal((await send(service, 'GET', '/api/v1/centre')).status, 200);
      assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
      for (const [who, method, where] of [
        [me, 'GET', '/api/v1/me/entries'], [other, 'GET', '/api/v1/me/overview'], [untouched, 'GET', '/api/v1/me/looks'],
        [other, 'POST', '/api/v1/me/freezes'],
      ]) {
        const answer = await send(who, method, where, method === 'POST' ? { body: {} } : {});
        if (answer.status >= 400) {
          assert.ok(['our-fault', 'busy'].includes(answer.json.code), answer.text);
        }
        seen.push([who, method, where, answer.status]);
      }
    }
    // The log of the desk has room that was taken before, so that some sign-ins still come through.
    let signedIn = 0;
    for (const member of members) {
      const began = await send(service, 'POST', '/api/v1/sign-in', { body: { login: member.id_number, password: member.password } });
      if (began.status !== 200) {
        assert.ok(['our-fault', 'busy'].includes(began.json.code), began.text);
        continue;
      }
      const code = await codeFor(service, member.phone).catch(() => '000000');
      const ended = await send(service, 'POST', '/api/v1/sign-in/code', { body: { challenge: began.json.challenge, code } });
      if (ended.status !== 204) {
        assert.ok(['our-fault', 'busy', 'code-wrong'].includes(ended.json.code), ended.text);
        continue;
      }
      signedIn++;
    }
    const failures = seen.filter(([, , , status]) => status >= 400);
    t.diagnostic(`${failures.length} of ${seen.length} requests refused; ${signedIn} of ${members.length} could sign in`);
    assert.ok(failures.length > 0 || signedIn < members.length, 'the disk was not full');
    assert.deepEqual(processesOf(place.home).map(({ pid }) => pid).sort(), started, 'nobody died of it');

    free();
    // It works again by itself, and what was acknowledged is there, once each.
    assert.equal((await until('an answer', async () => {
      const answer = await send(me, 'GET', '/api/v1/me/entries');
      return answer.status === 200 && answer;
    })).status, 200);
    assert.ok([201, 409].includes((await send(other, 'POST', '/api/v1/me/freezes', { body: {} })).status));
    assert.equal((await send(untouched, 'GET', '/api/v1/me/looks')).status, 200);
    for (const member of members) await signIn(service, member);
    const looks = await rows(place, 'SELECT count(*) AS n FROM desk.look');
    assert.ok(looks[0].n > before_.looks[0].n);
    const stopped = await rows(place, `SELECT count(*) AS n FROM desk.freeze WHERE person = '${second.person}'`);
    assert.equal(stopped[0].n, 1);
    assert.deepEqual(await tally(place), before_.ledger);
    await service.stop({ remove: false });
    await nobodyLeft(place.home);
    await verifies(place);
  });

  test('does not end sessions that the map of sessions has no room for', async () => {
    let service = await start(place, { home: place });
    const sessions = [];
    for (const depositor of service.demo) sessions.push(await signIn(service, depositor));
    for (const me of sessions) assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
    await service.stop({ remove: false });
    fs.rmSync(path.join(place.home, 'run/sessions')); // as after a restart of the machine
    service = await start(place, { home: place });
    const started = processesOf(place.home).map(({ pid }) => pid).sort();
    fill(filler);
    for (const me of sessions) {
      const answer = await send({ ...me, base: service.base }, 'GET', '/api/v1/me/overview');
      if (answer.status !== 200) assert.ok(['our-fault', 'busy'].includes(answer.json.code), answer.text);
    }
    assert.deepEqual(processesOf(place.home).map(({ pid }) => pid).sort(), started, 'nobody died of it');
    // The worker goes through the map before it ends; it is started again, and ends in order.
    const [worker] = cast(place.home).worker;
    process.kill(worker, 'SIGTERM');
    await until('another worker', () => cast(place.home).worker.some((pid) => pid !== worker));
    assert.doesNotMatch(service.said(), /"how":"signal/);
    free();
    for (const me of sessions) {
      assert.equal((await send({ ...me, base: service.base }, 'GET', '/api/v1/me/overview')).status, 200);
    }
    await service.stop({ remove: false });
  });

  test('ends a start with one line', async () => {
    fs.rmSync(path.join(place.home, 'run'), { recursive: true, force: true });
    fill(filler);
    const end = await command(['serve', '--listen', '127.0.0.1:0'], { ...place, ms: 30_000 });
    free();
    oneLine({ ...end, err: end.err.replace(/^\{.*\}\n/gm, '') }, /^anju: .*\n$/);
    assert.equal(end.status, IO);
    await nobodyLeft(place.home);
    const service = await start(place, { home: place });
    await service.stop({ remove: false });
  });
}
