// A backup that is taken while everybody writes is the home at one moment, and comes back whole or not at
// all; the keys travel by themselves.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';

import {
  begin, command, demoHome, engine, fingerprint, killAll, makeHome, oneLine, root, rows, start, succeed, temporary, verifies, writeCity,
} from './support/fault.mjs';
import { send, signIn } from '../api/support/service.mjs';

const USAGE = 64, CONFLICT = 1, INVALID = 2, IO = 74, CONFIG = 78;
const BEFORE = { overview: 1, contributions: 2 };
const DURING = { entries: 3, interest: 6 };

const folder = temporary('backup');
const inside = (name) => path.join(folder, name);
const phrase = inside('phrase');
const places = [];
let place;
let service;
let sessions;
let expected; // what the ledger was before the import that ran beside the backup

before(async () => {
  place = await demoHome({ people: 60 });
  places.push(place);
  service = await start(place, { home: place });
  fs.writeFileSync(phrase, 'seven words that nobody would guess here\n', { mode: 0o600 });
});
after(async () => {
  for (const one of places) {
    killAll(one.home);
    await one.remove();
  }
});

async function freshPlace() {
  const fresh = await makeHome();
  places.push(fresh);
  return fresh;
}

// A copy of the backup that a test may damage.
function another(name) {
  fs.rmSync(inside(name), { recursive: true, force: true });
  fs.cpSync(inside('whole'), inside(name), { recursive: true });
  return inside(name);
}

async function looks(where) {
  return (await rows(where, 'SELECT person, part FROM desk.look')).map((look) => `${look.person} ${look.part}`);
}
const stops = async (where) => (await rows(where, 'SELECT person FROM desk.freeze')).map((stop) => stop.person).sort();

// Everybody looks at the parts; answers what was acknowledged.
async function everybodyLooks(parts) {
  const seen = [];
  for (const [i, me] of sessions.entries()) {
    for (const part of Object.keys(parts)) {
      const answer = await send(me, 'GET', `/api/v1/me/${part}`);
      assert.equal(answer.status, 200, part);
      seen.push(service.demo[i].person);
    }
  }
  return seen;
}

async function stop(i) {
  assert.equal((await send(sessions[i], 'POST', '/api/v1/me/freezes', { body: {} })).status, 201);
  return service.demo[i].person;
}

test('a backup under load holds what was acknowledged before its moment, and nothing of after it', async () => {
  sessions = [];
  for (const depositor of service.demo.slice(0, 4)) sessions.push(await signIn(service, depositor));
  const city = await writeCity(inside('city'), '--people', 120, '--skip', 60, '--set-number', 2);
  await everybodyLooks(BEFORE);
  const stopped = [await stop(0), await stop(1)].sort();
  const old = await looks(place);
  assert.ok(old.length >= 8);
  expected = await fingerprint(place);

  // One goes on all the time; what it does may lie on either side of the moment.
  let running = true;
  const member = (async () => {
    while (running) assert.equal((await send(sessions[3], 'GET', '/api/v1/me/looks')).status, 200);
  })();
  const first = path.join(inside('whole.part'), engine === 'sqlite' ? 'desk.db' : 'database.dump');
  const job = begin(['backup', inside('whole'), '--json'], place);
  // The moment is past when the first file appears; held there, as a slow disk would.
  while (!fs.existsSync(first) && job.child.exitCode === null) await new Promise(setImmediate);
  job.child.kill('SIGSTOP');
  await everybodyLooks(DURING);
  await stop(2);
  await succeed(['import', city], place);
  job.child.kill('SIGCONT');
  const end = await job.ended;
  running = false;
  await member;
  assert.equal(end.status, 0, end.err);
  assert.equal(JSON.parse(end.out).engine, engine);
  assert.equal(fs.existsSync(inside('whole.part')), false);
  assert.notEqual(await fingerprint(place), expected);

  const back = await freshPlace();
  await succeed(['keys', 'export', inside('keys'), '--pass-phrase', phrase], place);
  await succeed(['keys', 'import', inside('keys'), '--pass-phrase', phrase], back);
  await succeed(['restore', inside('whole')], back);
  assert.equal(await fingerprint(back), expected);
  assert.deepEqual(await stops(back), stopped);
  const copied = await looks(back);
  for (const look of old) assert.ok(copied.includes(look), `${look} was acknowledged before`);
  const after = service.demo.slice(0, 4).flatMap((d) => Object.values(DURING).map((part) => `${d.person} ${part}`));
  assert.ok((await looks(place)).includes(after[0]), 'and was written');
  for (const look of after) assert.ok(!copied.includes(look), `${look} came after the moment`);
  await verifies(back);

  // Its people are at home there, those who were signed in too.
  const restored = await start(back, { home: back });
  const me = await send({ ...sessions[0], base: restored.base }, 'GET', '/api/v1/me/overview');
  assert.equal(me.status, 200);
  assert.equal(me.json.account.number, service.demo[0].account);
  await signIn(restored, service.demo[3]);
  await restored.stop({ remove: false });
  await service.stop({ remove: false });
});

test('the manifest says what is in it, and a changed byte anywhere is found', async () => {
  const whole = inside('whole');
  const manifest = JSON.parse(fs.readFileSync(path.join(whole, 'manifest.json'), 'utf8'));
  const written = fs.readdirSync(whole).filter((name) => !name.startsWith('manifest.')).sort();
  assert.deepEqual(manifest.files.map((file) => file.name).sort(), written);
  execFileSync('sha256sum', ['--check', '--quiet', '--strict', 'manifest.json.sha256'], { cwd: whole });
  for (const file of manifest.files) {
    const at = path.join(whole, file.name);
    assert.equal(fs.statSync(at).size, file.size);
    assert.equal(execFileSync('sha256sum', [at], { encoding: 'utf8' }).slice(0, 64), file.sha256);
    assert.equal(fs.statSync(at).mode & 0o777, 0o600);
  }
  assert.ok(!written.some((name) => name.endsWith('.key')) && !fs.existsSync(path.join(whole, 'keys')));
  const tables = new Set(['ledger.schema', 'desk.schema'].concat(fs.readdirSync(path.join(root, 'sql/migrations')).flatMap((name) =>
    [...fs.readFileSync(path.join(root, 'sql/migrations', name), 'utf8').matchAll(/^CREATE TABLE (\S+)/gm)].map((m) => m[1]))));
  assert.deepEqual(Object.keys(manifest.rows).sort(), [...tables].sort());

  const report = JSON.parse((await succeed(['backup', '--check', whole, '--json'], place)).out);
  assert.equal(report.verified, engine === 'sqlite');
  assert.equal(report.accounts, manifest.rows['ledger.account']);
  for (const { name, size } of manifest.files.filter((file) => !/demo|truth/.test(file.name))) {
    const dir = another('damaged');
    const fd = fs.openSync(path.join(dir, name), 'r+');
    const byte = Buffer.alloc(1);
    fs.readSync(fd, byte, 0, 1, size >> 1);
    fs.writeSync(fd, Buffer.from([byte[0] ^ 1]), 0, 1, size >> 1);
    fs.closeSync(fd);
    for (const args of [['backup', '--check', dir], ['restore', dir, '--without-keys']]) {
      const end = await command(args, await freshPlace());
      assert.notEqual(end.status, 0);
      oneLine(end, new RegExp(`${name} is damaged`));
    }
  }
  const dir = another('damaged');
  fs.writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ ...manifest, files: manifest.files.slice(1) }));
  oneLine(await command(['backup', '--check', dir], place), /manifest\.json is damaged/);
  fs.rmSync(path.join(dir, 'manifest.json'));
  const end = await command(['backup', '--check', dir], place);
  assert.equal(end.status, INVALID);
  oneLine(end, /is not a backup/);
});

test('every sealed column is asked for its keys', () => {
  const query = fs.readFileSync(path.join(root, 'sql/queries/backup.sql'), 'utf8');
  const sealed = [];
  for (const name of fs.readdirSync(path.join(root, 'sql/migrations')).sort()) {
    let table;
    for (const line of fs.readFileSync(path.join(root, 'sql/migrations', name), 'utf8').split('\n')) {
      table = /^CREATE TABLE (\S+)/.exec(line)?.[1] ?? /^ALTER TABLE (\S+)/.exec(line)?.[1] ?? table;
      const column = /^(?:\s+|ALTER TABLE \S+ ADD COLUMN )(\w+)\s+BYTEA/.exec(line)?.[1];
      if (column && (column.endsWith('_sealed') || /-- sealed/.test(line))) sealed.push([table, column]);
    }
  }
  assert.ok(sealed.length >= 9);
  for (const [table, column] of sealed) assert.match(query, new RegExp(`substr\\(${column}, 1, 2\\) FROM ${table}\\b`), `${table}.${column}`);
});

test('a backup that was killed does not look whole, and the next one takes its place', async () => {
  const dir = inside('killed');
  const first = path.join(`${dir}.part`, engine === 'sqlite' ? 'desk.db' : 'database.dump');
  const job = begin(['backup', dir], place);
  while (!fs.existsSync(first) && job.child.exitCode === null) await new Promise(setImmediate);
  job.child.kill('SIGKILL');
  assert.equal((await job.ended).signal, 'SIGKILL');
  assert.equal(fs.existsSync(dir), false);
  oneLine(await command(['backup', '--check', `${dir}.part`], place), /is not a backup/);
  oneLine(await command(['restore', `${dir}.part`], await freshPlace()), /is not a backup/);
  await succeed(['backup', dir], place);
  assert.equal(fs.existsSync(`${dir}.part`), false);
  await succeed(['backup', '--check', dir], place);
});

// A file that may not grow stands for a disk without room; whoever does not ignore the signal dies in the middle.
const small = (kib, mode, args) => ['-c', `${mode === 'dies' ? '' : "trap '' XFSZ; "}ulimit -f ${kib}; exec "$@"`, 'sh',
  path.join(process.env.ANJU_BUILD ?? path.join(root, 'build'), 'anju'), ...args];

test('a disk without room ends backup and restore with one line, and nothing is left of them', async () => {
  const dir = inside('no-room');
  const full = await command(small(64, 'goes on', ['backup', dir]), { ...place, program: '/bin/sh' });
  assert.equal(full.status, IO, full.err);
  oneLine(full, /cannot be written|could not write|too large/i);
  assert.ok(!fs.existsSync(dir) && !fs.existsSync(`${dir}.part`));
  const back = await freshPlace();
  const half = await command(small(8, 'goes on', ['restore', inside('whole'), '--without-keys']), { ...back, program: '/bin/sh' });
  assert.equal(half.status, IO, half.err);
  assert.match(half.err, /cannot be written/);
  assert.equal(fs.existsSync(back.home), false);
});

test('a restore that was killed made no home, and the next one makes it', async () => {
  const back = await freshPlace();
  await succeed(['keys', 'import', inside('keys'), '--pass-phrase', phrase], back);
  const dead = await command(small(8, 'dies', ['restore', inside('whole')]), { ...back, program: '/bin/sh' });
  assert.equal(dead.signal, 'SIGXFSZ', `${dead.status} ${dead.err}`);
  assert.ok(fs.existsSync(path.join(back.home, '.restoring')));
  oneLine(await command(['verify'], back), /not empty and holds no anju\.yaml|demo home left half made/);
  await succeed(['restore', inside('whole')], back);
  assert.equal(await fingerprint(back), expected);
  const again = await command(['restore', inside('whole')], back);
  assert.equal(again.status, CONFLICT);
  oneLine(again, engine === 'sqlite' ? /is a home already/ : /is a home already|not empty/);
});

test('a restore without its keys says so before it starts', async () => {
  const back = await freshPlace();
  const none = await command(['restore', inside('whole')], back);
  assert.equal(none.status, CONFIG);
  oneLine(none, /keys that the backup needs are not in .*anju keys import/);
  assert.equal(fs.existsSync(back.home), false);
  const job = await command(['restore', inside('whole'), '--without-keys', '--json'], back);
  assert.equal(job.status, 0, job.err);
  assert.match(job.err, /^anju restore: without keys: .*\n$/);
  assert.equal(JSON.parse(job.out).keys_compared, false);
  // Others than those it was made with are as good as none.
  const other = await freshPlace();
  await succeed(['keys', 'import', inside('keys'), '--pass-phrase', phrase], other);
  fs.writeFileSync(path.join(other.home, 'keys/index.key'), Buffer.alloc(32, 7), { mode: 0o600 });
  const wrong = await command(['restore', inside('whole')], other);
  assert.equal(wrong.status, CONFIG);
  oneLine(wrong, /index\.key is not the one/);
});

test('exported keys open with their pass phrase only, and never replace others', async () => {
  const file = inside('keys');
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  for (const key of fs.readdirSync(path.join(place.home, 'keys'))) {
    const bytes = fs.readFileSync(path.join(place.home, 'keys', key));
    assert.equal(fs.readFileSync(file).includes(bytes), false, key);
  }
  const from = (text, mode = 0o600) => {
    fs.writeFileSync(inside('other-phrase'), `${text}\n`, { mode: 0o600 });
    fs.chmodSync(inside('other-phrase'), mode);
    return ['--pass-phrase', inside('other-phrase')];
  };
  const back = await freshPlace();
  const refused = async (args, status, pattern, where = back, input) => {
    const end = await command(['keys', ...args], { ...where, input });
    assert.equal(end.status, status, `${args}: ${end.err}`);
    oneLine(end, pattern);
  };
  await refused(['import', file, ...from('another phrase that is long enough')], CONFLICT, /pass phrase is another one/);
  const altered = fs.readFileSync(file);
  altered[altered.length - 20] ^= 1;
  fs.writeFileSync(inside('altered'), altered);
  await refused(['import', inside('altered'), '--pass-phrase', phrase], CONFLICT, /altered/);
  fs.writeFileSync(inside('no-keys'), 'hello');
  await refused(['import', inside('no-keys'), '--pass-phrase', phrase], INVALID, /no file of exported keys/);
  assert.equal(fs.existsSync(back.home), false);
  await refused(['export', inside('weak'), ...from('short')], INVALID, /at least 15/, place);
  await refused(['export', inside('weak'), ...from('aaaaaaaaaaaaaaaaaaaaaa')], INVALID, /would try first/, place);
  await refused(['export', inside('weak'), ...from('a phrase that others can read', 0o640)], INVALID, /read by others/, place);
  await refused(['export', file], CONFLICT, /is there already/, place, 'a phrase that is long enough\n');
  await refused(['export', inside('weak')], INVALID, /standard input/, place, '');
  await refused(['export', inside('weak'), 'a phrase that is long enough'], USAGE, /one file/, place);
  assert.equal(fs.existsSync(inside('weak')), false);

  const report = JSON.parse((await succeed(['keys', 'import', file, '--json'], { ...back, input: fs.readFileSync(phrase, 'utf8') })).out);
  assert.equal(report.imported, report.keys);
  for (const key of fs.readdirSync(path.join(place.home, 'keys')).filter((name) => name.endsWith('.key'))) {
    assert.deepEqual(fs.readFileSync(path.join(back.home, 'keys', key)), fs.readFileSync(path.join(place.home, 'keys', key)), key);
  }
  fs.writeFileSync(path.join(back.home, 'keys/token.key'), Buffer.alloc(32, 9), { mode: 0o600 });
  await refused(['import', file, '--pass-phrase', phrase], CONFLICT, /another token\.key already/);
});

test('wrong words end in one line, and each command explains itself', async () => {
  const nowhere = await freshPlace();
  for (const [args, status, pattern] of [
    [['backup'], USAGE, /one folder is wanted/],
    [['backup', 'a', 'b'], USAGE, /one folder is wanted/],
    [['backup', '--fast', 'a'], USAGE, /one folder is wanted/],
    [['backup', inside('absent')], CONFIG, /there is no home/],
    [['backup', '--check', inside('absent')], INVALID, /is not a backup/],
    [['restore'], USAGE, /one folder is wanted/],
    [['restore', inside('absent')], INVALID, /is not a backup/],
    [['keys', 'show', 'a'], USAGE, /export or import/],
  ]) {
    const end = await command(args, nowhere);
    assert.equal(end.status, status, args.join(' '));
    oneLine(end, pattern);
  }
  assert.equal(fs.existsSync(nowhere.home), false);
  const taken = await command(['backup', inside('whole')], place);
  assert.equal(taken.status, CONFLICT);
  oneLine(taken, /is there and not empty/);
  for (const name of ['backup', 'restore', 'keys']) {
    assert.match((await succeed([name, '--help'], nowhere)).out, new RegExp(`^anju ${name} `));
  }
});
