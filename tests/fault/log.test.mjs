// A reader that does not end keeps SQLite's write-ahead log from being cut: the service goes on, says so
// where an operator looks, and the log is small again when the reader is gone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before, describe } from 'node:test';

import { demoHome, engine, killAll, registerMembers, rows, start, until, verifies } from './support/fault.mjs';
import { send, signIn } from '../api/support/service.mjs';

const KEEP = 8 << 20; // STORE_LOG_KEEP

describe('an endless reader', { skip: engine !== 'sqlite' && 'PostgreSQL keeps its log itself' }, () => {
  let place;
  let service;
  before(async () => {
    place = await demoHome({ people: 60 });
    service = await start(place, { home: place });
  });
  after(async () => {
    await service?.stop({ remove: false });
    killAll(place.home);
    await place.remove();
  });

  const logSize = () => fs.statSync(path.join(place.home, 'desk.db-wal')).size;
  async function gauge(name) {
    const text = await (await fetch(`${service.addresses.operations}/metrics`)).text();
    return Number(new RegExp(`^${name}{store="desk"} ([0-9.]+)$`, 'm').exec(text)?.[1] ?? NaN);
  }
  // As many writes as a day of visits would make; housekeeping takes such rows away again.
  const writeMuch = () => rows(place, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
    INSERT INTO desk.throttle (subject, count, since, until) SELECT randomblob(32), 0, 0, 0 FROM n`);

  test('is told, keeps nobody from anything, and leaves a small log behind', async (t) => {
    const reader = spawn('sqlite3', [':memory:'], { stdio: ['pipe', 'pipe', 'ignore'] });
    let read = '';
    reader.stdout.on('data', (data) => { read += data; });
    reader.stdin.write(`ATTACH '${place.home}/desk.db' AS desk; BEGIN; SELECT 'reads', count(*) FROM desk.look;\n`);
    await until('the reader', () => read.includes('reads'));
    try {
      const members = await registerMembers(place, service.truth, 4);
      const sessions = [];
      for (const member of members) sessions.push(await signIn(service, member));
      await writeMuch();
      for (const me of sessions) {
        for (const part of ['overview', 'contributions', 'entries', 'looks']) {
          assert.equal((await send(me, 'GET', `/api/v1/me/${part}`)).status, 200);
        }
      }
      assert.ok(logSize() > KEEP, `the log has ${logSize()} bytes only`);
      await until('the gauges', async () => await gauge('anju_log_bytes') > KEEP && await gauge('anju_log_held_seconds') > 0);
      const line = await until('the line in the log', () => /^{.*"event":"log-held".*}$/m.exec(service.said())?.[0], 30_000);
      const said = JSON.parse(line);
      assert.equal(said.store, 'desk');
      assert.ok(said.processes.split(' ').includes(String(reader.pid)), line);
      assert.equal((await send(sessions[0], 'POST', '/api/v1/me/freezes', { body: {} })).status, 201);
      t.diagnostic(`held: ${said.bytes} bytes for ${said.seconds} s`);

      reader.kill('SIGKILL');
      await until('a small log', () => logSize() <= KEEP / 8, 30_000);
      await until('the gauges', async () => await gauge('anju_log_bytes') <= KEEP && await gauge('anju_log_held_seconds') === 0);
      const looks = await rows(place, `SELECT DISTINCT person, part FROM desk.look WHERE person IN (${members.map((m) => `'${m.person}'`)})`);
      assert.ok(looks.length >= members.length * 4);
      await verifies(place);
    } finally {
      reader.kill('SIGKILL');
    }
  });

  test('is none when readers merely overlap: a large log is cut while people look', async () => {
    const me = await signIn(service, service.demo[0]);
    let running = true;
    const visits = [1, 2, 3].map(async () => {
      while (running) assert.equal((await send(me, 'GET', '/api/v1/me/overview')).status, 200);
    });
    await writeMuch();
    await until('a small log', () => logSize() <= KEEP, 30_000).finally(() => { running = false; });
    await Promise.all(visits);
  });
});
