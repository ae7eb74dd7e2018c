// PostgreSQL killed while the service runs: clear answers meanwhile, all of it back by itself, and
// nothing lost that was acknowledged. The cluster is this test's own.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before, describe } from 'node:test';

import {
  cast, command, emptyDemoHome, engine, killAll, nobodyLeft, oneLine, registerMembers, root, rows, sleep, start, succeed, tally, temporary,
  until, UNTIL, verifies, writeCity,
} from './support/fault.mjs';
import { send, signIn } from '../api/support/service.mjs';

const ANSWER_MS = 20_000; // five seconds is what a lock or a connection is waited for, a minute a statement

// As whom the server may run: it refuses to be root.
function serverUser() {
  if (process.getuid() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: Number(execFileSync('id', ['-u', name])), gid: Number(execFileSync('id', ['-g', name])) };
    } catch { /* the next */ }
  }
  throw new Error('no user for the server');
}

class Cluster {
  constructor() {
    this.bin = execFileSync(path.join(root, 'scripts/pg-bin'), { encoding: 'utf8' }).trim();
    this.folder = temporary('pg');
    this.as = serverUser();
    if (this.as.uid) fs.chownSync(this.folder, this.as.uid, this.as.gid);
    execFileSync(`${this.bin}/initdb`, ['-D', `${this.folder}/data`, '-U', 'anju', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], {
      cwd: this.folder, stdio: 'pipe', ...this.as,
    });
    this.url = `postgresql://anju@${encodeURIComponent(this.folder)}/postgres`;
  }

  async start() {
    const log = fs.openSync(`${this.folder}/log`, 'a');
    this.server = spawn(`${this.bin}/postgres`, ['-D', `${this.folder}/data`, '-k', this.folder, '-c', 'listen_addresses='], {
      cwd: this.folder, stdio: ['ignore', log, log], ...this.as,
    });
    fs.closeSync(log);
    this.ended = once(this.server, 'exit');
    await until('PostgreSQL', () => {
      try {
        execFileSync(`${this.bin}/psql`, ['-q', '-h', this.folder, '-U', 'anju', '-d', 'postgres', '-c', 'select 1'], { stdio: 'pipe' });
        return true;
      } catch { return false; }
    }, 20_000);
  }

  // Processes of the server, its backends first.
  backends() {
    const children = fs.readFileSync(`/proc/${this.server.pid}/task/${this.server.pid}/children`, 'utf8');
    return children.trim().split(' ').filter(Boolean).map(Number);
  }

  async kill(signal) {
    const children = this.backends();
    this.server.kill(signal);
    await this.ended;
    for (const pid of children) {
      try { process.kill(pid, 'SIGKILL'); } catch { /* it ended with its server */ }
    }
    await sleep(100);
  }
}

describe('PostgreSQL', { skip: engine !== 'postgresql' && 'of the run on PostgreSQL' }, () => {
  let cluster;
  let place;
  let service;
  let members;
  before(async () => {
    cluster = new Cluster();
    await cluster.start();
    place = await emptyDemoHome();
    await place.remove(); // of the shared server
    fs.mkdirSync(place.home, { recursive: true, mode: 0o700 });
    place = { home: place.home, env: { ...place.env, ANJU_DATABASE: cluster.url } };
    await succeed(['demo-home', '--people', '150', '--seed', '7', '--until', UNTIL], place);
    service = await start(place, { home: place });
    members = await registerMembers(place, service.truth, 4);
  });
  after(async () => {
    await service?.stop({ remove: false });
    if (place) killAll(place.home);
    await cluster?.kill('SIGQUIT');
    if (place) fs.rmSync(path.dirname(place.home), { recursive: true, force: true });
  });

  const ready = async () => (await fetch(`${service.addresses.operations}/readyz`)).status;

  async function refusedQuickly(who, method, where, body) {
    const began = performance.now();
    const answer = await send(who, method, where, { body });
    assert.ok(performance.now() - began < ANSWER_MS, `${method} ${where}: ${(performance.now() - began).toFixed(0)} ms`);
    assert.ok([500, 503].includes(answer.status), `${method} ${where}: ${answer.status} ${answer.text}`);
    assert.ok(['our-fault', 'busy'].includes(answer.json.code), answer.text);
    assert.doesNotMatch(answer.text, /postgres|sql|connection/i);
  }

  // What needs no database is there; the rest is refused, quickly and in the contract's words.
  async function whileAway(me, member) {
    assert.equal((await fetch(`${service.addresses.operations}/healthz`)).status, 200);
    assert.equal(await ready(), 503);
    assert.equal((await fetch(`${service.addresses.operations}/metrics`)).status, 200);
    assert.equal((await fetch(`${service.base}/`)).status, 200);
    await refusedQuickly(me, 'GET', '/api/v1/me/overview');
    await refusedQuickly(me, 'GET', '/api/v1/me/looks');
    await refusedQuickly(me, 'POST', '/api/v1/me/freezes', {});
    await refusedQuickly(service, 'POST', '/api/v1/sign-in', { login: member.id_number, password: member.password });
    await Promise.all(Array.from({ length: 40 }, () => refusedQuickly(me, 'GET', '/api/v1/me/entries')));
    const end = await command(['verify'], { ...place, ms: 20_000 });
    assert.equal(end.status, 74);
    oneLine(end, /^anju: .*PostgreSQL/);
  }

  async function isBack(me, depositor) {
    await until('a service that is ready', async () => (await ready()) === 200, 30_000);
    await until('an answer', async () => (await send(me, 'GET', '/api/v1/me/overview')).status === 200, 30_000);
    assert.equal((await send(me, 'POST', '/api/v1/me/freezes', { body: {} })).json.code, 'already-frozen');
    await signIn(service, depositor);
  }

  for (const [name, signal] of [['shut down at once', 'SIGQUIT'], ['killed with kill -9', 'SIGKILL']]) {
    test(`${name}: problems in the contract's words, then all is back by itself`, async () => {
      const depositor = service.demo[signal === 'SIGQUIT' ? 0 : 1];
      const me = await signIn(service, depositor);
      assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
      assert.equal((await send(me, 'POST', '/api/v1/me/freezes', { body: {} })).status, 201);
      const helpers = cast(place.home);
      await cluster.kill(signal);
      await whileAway(me, members[0]);
      await sleep(1500); // the worker looks every second
      await cluster.start();
      await isBack(me, depositor);
      assert.deepEqual(cast(place.home), helpers, 'nobody died of it');
      const looks = (await rows(place, `SELECT part FROM desk.look WHERE person = '${depositor.person}'`)).map((look) => look.part);
      assert.ok(looks.includes(1) && looks.includes(5));
      await verifies(place);
    });
  }

  test('killed with kill -9 amid writes: clear answers, no try charged, nothing acknowledged is lost', async () => {
    const people = [3, 4, 5].map((n) => service.demo[n]);
    const sessions = [];
    for (const one of people) sessions.push(await signIn(service, one));
    const helpers = cast(place.home);
    const acked = { enquiries: people.map(() => []), looks: people.map(() => []), codes: members.map(() => 0) };
    const refused = { enquiries: 0, looks: 0, signIns: 0, pages: 0 };
    let over = false;
    const loop = async (work) => {
      for (let n = 0; !over; n++) {
        await work(n);
        await sleep(30);
      }
    };
    const good = async (kind, fine, ...request) => {
      const began = performance.now();
      const answer = await send(...request);
      assert.ok(performance.now() - began < ANSWER_MS, `${kind}: ${(performance.now() - began).toFixed(0)} ms`);
      if (fine.includes(answer.status)) return answer;
      assert.ok([500, 503].includes(answer.status) && ['our-fault', 'busy'].includes(answer.json.code), `${kind}: ${answer.status} ${answer.text}`);
      assert.doesNotMatch(answer.text, /postgres|sql|connection/i);
      refused[kind]++;
    };
    const asking = (who) => loop(async (n) => {
      const body = { key: `amid-writes-${who}-${String(n).padStart(6, '0')}`, about: 'other', ref: '', account: 1, words: '为什么？' };
      const answer = await good('enquiries', [201, 429], sessions[who], 'POST', '/api/v1/me/enquiries', { body });
      if (answer?.status === 201) acked.enquiries[who].push(answer.json.number);
    });
    const parts = { overview: 1, entries: 3, looks: 4, interest: 6, withdrawals: 7, loan: 8, security: 12 };
    const looking = (who) => loop(async (n) => {
      const [name, part] = Object.entries(parts)[n % 7];
      if (await good('looks', [200], sessions[who], 'GET', `/api/v1/me/${name}`)) acked.looks[who].push(part);
    });
    const signing = (who) => loop(async () => {
      if (acked.codes[who] === 2) return; // more would wait, as they should
      const { id_number: login, password } = members[who];
      if (await good('signIns', [200], service, 'POST', '/api/v1/sign-in', { body: { login, password } })) acked.codes[who]++;
    });
    const pages = loop(async () => {
      if ((await fetch(`${service.base}/`)).status !== 200) refused.pages++;
    });
    const all = Promise.all([...people.flatMap((_, who) => [asking(who), looking(who)]), ...members.map((_, who) => signing(who)), pages]);
    all.catch(() => { over = true; });
    await until('acknowledged writes', () => over || acked.enquiries.flat().length >= 3);
    await cluster.kill('SIGKILL');
    await until('refused writes', () => over || (refused.looks > 5 && refused.signIns > 5), 30_000);
    await cluster.start();
    const answered = acked.looks.flat().length;
    await until('answers', () => over || acked.looks.flat().length > answered, 30_000);
    over = true;
    await all;
    assert.equal(refused.pages, 0);
    assert.deepEqual(cast(place.home), helpers, 'nobody died of it');
    for (const [who, one] of people.entries()) {
      const { enquiries } = (await send(sessions[who], 'GET', '/api/v1/me/enquiries')).json;
      const numbers = enquiries.map((e) => e.number);
      for (const number of acked.enquiries[who]) assert.equal(numbers.filter((n) => n === number).length, 1, 'an acknowledged enquiry');
      const looks = (await rows(place, `SELECT part FROM desk.look WHERE person = '${one.person}'`)).map((look) => look.part);
      for (const part of acked.looks[who]) assert.ok(looks.includes(part), `part ${part} was shown and is on record`);
    }
    for (const member of members) await signIn(service, member);
    await verifies(place);
  });

  test('one backend killed: the server starts itself anew, and the service with it', async () => {
    const me = await signIn(service, service.demo[2]);
    assert.equal((await send(me, 'POST', '/api/v1/me/freezes', { body: {} })).status, 201);
    const [{ pid }] = await rows(place, 'SELECT pid FROM pg_stat_activity WHERE backend_type = \'client backend\' AND pid <> pg_backend_pid() LIMIT 1');
    process.kill(pid, 'SIGKILL');
    await until('an answer', async () => (await send(me, 'GET', '/api/v1/me/overview')).status === 200, 30_000);
    await isBack(me, service.demo[2]);
  });

  test('connections that the server closed while they idled are not noticed by anybody', async () => {
    const me = await signIn(service, service.demo[3]);
    assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
    for (let i = 0; i < 5; i++) {
      await rows(place, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = \'client backend\' AND pid <> pg_backend_pid()');
      assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
      assert.equal((await send(me, 'GET', '/api/v1/me/looks')).status, 200);
    }
  });

  test('away while processes of the service die: they are back with it', async () => {
    const me = await signIn(service, service.demo[3]);
    await cluster.kill('SIGQUIT');
    const { nginx, worker } = cast(place.home);
    for (const pid of [...nginx, ...worker]) process.kill(pid, 'SIGKILL');
    await sleep(1500);
    await refusedQuickly(me, 'GET', '/api/v1/me/overview');
    assert.equal(await ready(), 503);
    assert.equal(cast(place.home).worker.length, 1, 'the worker waits');
    await cluster.start();
    await until('an answer', async () => (await send(me, 'GET', '/api/v1/me/overview').catch(() => ({}))).status === 200, 30_000);
    await signIn(service, service.demo[4]);
  });

  test('killed under an import: one line, nothing changed, and a repeat succeeds', async () => {
    const city = await writeCity(path.join(temporary('more'), 'city'), '--people', 2000, '--skip', 150, '--set-number', 2);
    const counts = await tally(place);
    const job = command(['import', city], place);
    await sleep(700);
    await cluster.kill('SIGQUIT');
    const end = await job;
    assert.equal(end.status, 74);
    oneLine(end, /^anju import: .*PostgreSQL/);
    await cluster.start();
    assert.deepEqual(await tally(place), counts);
    await succeed(['import', city], place);
    await verifies(place);
  });

  test('after all that the service ends in order', async () => {
    await service.stop({ remove: false });
    service = null;
    await nobodyLeft(place.home);
  });
});
