// Starts that must be refused: one line on standard error that says what is wrong, where, and what
// to do about it, the right exit status, within seconds, and nobody left running.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import test, { after, before, describe } from 'node:test';

import {
  begin, command, demoHome, engine, isRoot, killAll, makeHome, nobodyLeft, oneLine, root, rows, start, succeed, temporary, until,
} from './support/fault.mjs';

const CONFIG = 78;
const IO = 74;
const CONFLICT = 1;
const WITHIN_MS = 15_000;

let place; // a whole demo home; each test puts back what it breaks
before(async () => {
  place = await demoHome({ people: 20 });
  place.env.ANJU_LISTEN = '127.0.0.1:0';
});
after(async () => {
  killAll(place.home);
  await place.remove();
});

const inHome = (name) => path.join(place.home, name);

// Every command that opens the home says the same.
// As root where the tests run as root: that it would be refused is a test of its own.
const serve = ['serve', '--as-root'];
const commands = [serve, ['worker'], ['verify'], ['import', '/nonexistent'], ['register', '--id', '1', '--phone', '2']];

async function refused(pattern, { status = CONFIG, env = {}, args = [serve], home = place.home } = {}) {
  for (const command_ of args) {
    const end = await command(command_, { env: { ...place.env, ...env }, ms: 20_000, input: 'a password of ours\n' });
    oneLine(end, pattern);
    assert.match(end.err, /^anju( [a-z-]+)?: /);
    assert.equal(end.status, status, `anju ${command_[0]}: ${end.err}`);
    assert.ok(end.ms < WITHIN_MS, `anju ${command_[0]}: ${end.ms.toFixed(0)} ms`);
    await nobodyLeft(home);
  }
}

// Breaks something, and mends it whatever comes.
async function broken(breaks, mends, work) {
  breaks();
  try {
    await work();
  } finally {
    mends();
  }
}

function withFile(name, content, work) {
  const old = fs.readFileSync(name);
  return broken(() => fs.writeFileSync(name, content), () => fs.writeFileSync(name, old), work);
}

const withMode = (name, mode, usual, work) => broken(() => fs.chmodSync(name, mode), () => fs.chmodSync(name, usual), work);
const without = (name, work) => broken(
  () => fs.renameSync(name, `${place.home}-aside`), () => fs.renameSync(`${place.home}-aside`, name), work,
);
const whatUsesKeys = commands.filter(([name]) => name !== 'verify');

describe('the home', () => {
  test('is a file', async () => {
    const file = path.join(temporary('file'), 'home');
    fs.writeFileSync(file, '');
    await refused(/home is not a folder|home cannot be made/, { status: IO, env: { ANJU_HOME: file }, home: file, args: commands });
    assert.deepEqual(fs.readdirSync(path.dirname(file)), ['home']);
  });

  test('cannot be made', async () => {
    await refused(/the folder \/proc\/nowhere cannot be made: /, {
      status: IO, env: { ANJU_HOME: '/proc/nowhere' }, home: '/proc/nowhere', args: commands,
    });
  });

  test('holds something else', async () => {
    const folder = temporary('else');
    fs.writeFileSync(path.join(folder, 'letter.txt'), 'to a friend');
    await refused(/is not empty and holds no anju\.yaml; a home begins as an empty folder/, {
      env: { ANJU_HOME: folder }, home: folder, args: commands,
    });
    assert.deepEqual(fs.readdirSync(folder), ['letter.txt']);
  });

  test('cannot be written', async (t) => {
    const folder = temporary('readonly');
    const home = path.join(folder, 'home');
    if (isRoot) {
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'pipe' });
      } catch (error) {
        t.skip(`no tmpfs can be mounted here: ${error.stderr}`.trim());
        return;
      }
    }
    try {
      fs.cpSync(place.home, home, { recursive: true });
      if (isRoot) execFileSync('mount', ['-o', 'remount,ro', folder]);
      else fs.chmodSync(home, 0o500);
      await refused(/the home folder .*home cannot be written: /, { status: IO, env: { ANJU_HOME: home }, home, args: commands });
    } finally {
      if (isRoot) execFileSync('umount', [folder]);
      else fs.chmodSync(home, 0o700);
    }
  });
});

describe('the keys', () => {
  test('can be read by others', () => withMode(inHome('keys/index.key'), 0o644, 0o600, () => refused(
    /keys\/index\.key can be read by others: run chmod 600 /, { args: whatUsesKeys },
  )));

  test('can be written by others', () => withMode(inHome('keys'), 0o770, 0o700, () => refused(
    /keys can be written by others: run chmod 700 /, { args: whatUsesKeys },
  )));

  for (const name of ['field-1.key', 'index.key', 'token.key']) {
    test(`lack ${name}, and none is made in its place`, () => without(inHome(`keys/${name}`), async () => {
      await refused(new RegExp(`keys/${name} cannot be read: .*put it back`), { args: whatUsesKeys });
      assert.ok(!fs.existsSync(inHome(`keys/${name}`)));
    }));
  }

  test('are gone with their folder, and none is made in its place', () => without(inHome('keys'), async () => {
    await refused(/The key folder .*keys cannot be opened: .*Put the keys back there, or name their folder in ANJU_KEYS/, { args: whatUsesKeys });
    assert.ok(!fs.existsSync(inHome('keys')));
  }));

  test('are cut short', async () => {
    await withFile(inHome('keys/token.key'), 'short', () => refused(/keys\/token\.key does not have 32 bytes: put the right one back/));
  });

  test('lie inside the data folder of a real home', async () => {
    const real = await makeHome();
    const keys = path.join(real.home, 'keys');
    fs.mkdirSync(real.home, { mode: 0o700 });
    await refused(/ANJU_KEYS: .*keys lies inside the data folder .*; only a demo home may/, {
      env: { ANJU_HOME: real.home, ANJU_KEYS: keys }, home: real.home, args: commands,
    });
    await real.remove();
  });
});

describe('anju.yaml', () => {
  for (const [name, content, pattern, status] of [
    ['is no YAML', 'demo: [true\n', /anju\.yaml.*/],
    ['has a key that does not exist', 'demo: true\nclok_start: 2026-11-23\n', /anju\.yaml.*clok_start/],
    ['has a value of the wrong kind', 'demo: perhaps\n', /anju\.yaml.*demo/],
    ['has a list where a word belongs', 'demo: true\nlisten: [1, 2]\n', /anju\.yaml.*listen/],
    ['is empty', '', /anju\.yaml/],
    ['has a day that does not exist', 'demo: true\nclock_start: 2026-02-30\n', /anju\.yaml: clock_start: "2026-02-30" is not a date like/],
    ['sets the clock of a real home', 'demo: false\nclock_start: 2026-11-23\n', /anju\.yaml: clock_start: only the clock of a demo home/],
    ['names a policy that does not exist', 'demo: true\npolicy: nowhere\n', /policy\/nowhere\.yaml/, IO],
    ['names a policy elsewhere', 'demo: true\npolicy: ../../etc/passwd\n', /anju\.yaml: policy: the name of a file in /],
    ['names a time zone that does not exist', 'demo: true\nzone: Asia/Nowhere\n', /Asia\/Nowhere/],
  ]) {
    test(name, () => withFile(inHome('anju.yaml'), content, () => refused(pattern, { status })));
  }
});

describe('the address', () => {
  for (const listen of ['0.0.0.0:0', '[::]:0', '192.0.2.1:8080', 'example.org:80']) {
    test(`${listen} is beyond loopback, and this is a demo home`, () => refused(
      /is a demo home, with passwords that anybody can read; it listens on loopback only, not on /, { env: { ANJU_LISTEN: listen }, args: commands },
    ));
  }

  test('is in use', async () => {
    const server = net.createServer().listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    const listen = `127.0.0.1:${server.address().port}`;
    await refused(new RegExp(`${listen} is in use.*ANJU_LISTEN`), { env: { ANJU_LISTEN: listen } });
    server.close();
  });

  test('of a second service does not matter: the home is taken', async () => {
    const service = await start(place, { home: place });
    const end = await command(serve, place);
    oneLine(end, new RegExp(`a service runs on .* already \\(process ${service.child.pid}\\): .*ANJU_HOME`));
    assert.equal(end.status, CONFLICT);
    await service.stop({ remove: false });
    await nobodyLeft(place.home);
  });
});

describe('the policy', () => {
  for (const [name, change, pattern] of [
    ['is no YAML', () => '{', /policy\/kunming\.yaml/],
    ['is empty', () => '', /policy\/kunming\.yaml/],
    ['lost a line', (text) => text.replace(/^ {2}day_count:.*\n/m, ''), /policy\/kunming\.yaml.*day_count/],
    ['has a day that does not exist', (text) => text.replace('since: 2008-10-30', 'since: 2008-10-32'), /policy\/kunming\.yaml.*2008-10-32/],
    ['has rates out of order', (text) => text.replace('since: 2008-10-30', 'since: 2007-10-30'), /policy\/kunming\.yaml.*rates/],
    ['has a rate that is none', (text) => text.replace('one_year: "3.60"', 'one_year: "3,60"'), /policy\/kunming\.yaml.*one_year/],
  ]) {
    test(name, async () => {
      const assets = temporary('assets');
      fs.mkdirSync(path.join(assets, 'policy'));
      const text = fs.readFileSync(path.join(root, 'policy/kunming.yaml'), 'utf8');
      assert.notEqual(change(text), text);
      fs.writeFileSync(path.join(assets, 'policy/kunming.yaml'), change(text));
      await refused(pattern, { env: { ANJU_ASSETS: assets } });
    });
  }
});

describe('root', { skip: !isRoot && 'of a run as root' }, () => {
  const pattern = /would be served by root: give it to a user of its own .*--as-root/;

  test('serves no home that is for real use, and makes none', async () => {
    const place_ = await makeHome();
    const end = await command(['serve'], place_);
    oneLine(end, pattern);
    assert.equal(end.status, CONFIG);
    assert.ok(!fs.existsSync(place_.home));
    await succeed(['verify'], place_);
    oneLine(await command(['serve'], place_), pattern);
    const job = begin(['serve', '--as-root'], { env: { ...place_.env, ANJU_LISTEN: '127.0.0.1:0' } });
    await until('its address or its end', () => job.out.includes('answers at') || job.child.exitCode !== null);
    job.child.kill('SIGTERM');
    assert.doesNotMatch((await job.ended).err, pattern);
    await place_.remove();
  });
});

describe('the database', () => {
  for (const side of ['ledger', 'desk']) {
    test(`is newer than the program (${side})`, async () => {
      const [{ version }] = await rows(place, `SELECT version FROM ${side}.schema`);
      await rows(place, `UPDATE ${side}.schema SET version = 999`);
      try {
        await refused(/has schema 999, this program knows schemas up to \d+: start the newer program/, { args: commands });
      } finally {
        await rows(place, `UPDATE ${side}.schema SET version = ${version}`);
      }
    });
  }

  test('is no database', { skip: engine !== 'sqlite' && 'files are SQLite\'s' }, async () => {
    await withFile(inHome('desk.db'), 'this is a letter to a friend, not a database at all\n'.repeat(100), async () => {
      fs.rmSync(inHome('desk.db-wal'), { force: true });
      fs.rmSync(inHome('desk.db-shm'), { force: true });
      await refused(/damaged; restore it from a backup/, { status: IO, args: commands });
    });
    await succeed(['verify'], place);
  });

  test('has an address of an engine that does not exist', () => refused(/database.*postgresql:\/\//, { env: { ANJU_DATABASE: 'mysql://root@localhost/anju' }, args: commands }));

  // anju worker waits for it: it is started by a service that has found it.
  test('is not there', () => refused(/^anju.*: no connection to PostgreSQL: /, {
    status: IO, env: { ANJU_DATABASE: 'postgresql://anju@127.0.0.1:1/anju' }, args: commands.filter(([name]) => name !== 'worker'),
  }));

  test('does not answer', async () => {
    const sockets = [];
    const server = net.createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    const url = `postgresql://anju@127.0.0.1:${server.address().port}/anju`;
    const end = await command(serve, { env: { ...place.env, ANJU_DATABASE: url }, ms: 30_000 });
    sockets.forEach((socket) => socket.destroy());
    server.close();
    oneLine(end, /database/i);
    assert.equal(end.status, IO);
    assert.ok(end.ms < 15_000, `${end.ms.toFixed(0)} ms`);
  });

  test('never has its password in a message', async () => {
    const end = await command(serve, {
      env: { ...place.env, ANJU_DATABASE: 'postgresql://anju:verysecret@127.0.0.1:1/anju' }, ms: 20_000,
    });
    oneLine(end, /database/i);
    assert.doesNotMatch(end.err, /verysecret/);
  });
});

test('after all that the home is served as before', async () => {
  const service = await start(place, { home: place });
  await service.stop({ remove: false });
  const job = begin(serve, place);
  await until('its address', () => job.out.includes('answers at'));
  job.child.kill('SIGINT');
  assert.equal((await job.ended).status, 0);
  assert.equal(job.err.replace(/^\{.*\}\n/gm, ''), '');
  await nobodyLeft(place.home);
});
