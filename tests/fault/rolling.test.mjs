// Whoever is reading reads on: while a city's next set is imported, a newer schema is put under the
// running program, the year is settled, and the program is replaced twice.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { command, killAll, makeHome, rows, sleep, start, succeed, temporary, until, verifies } from './support/fault.mjs';
import { send, signIn } from '../api/support/service.mjs';

const PEOPLE = 150;
const MORE = 2000;
const EVE = '2026-06-29';
const PROMISED = 0.999;
const READERS = 4; // half of them on a new connection each time

let place;
let service;
let city;

const demo = (folder, ...more) => succeed(['demo', folder, '--seed', '7', '--until', EVE, ...more.map(String)], { env: process.env });

before(async () => {
  city = path.join(temporary('more'), 'city');
  await demo(city, '--people', MORE, '--skip', PEOPLE, '--set-number', 2, '--years', 2);
  place = await makeHome();
  await succeed(['demo-home', '--people', String(PEOPLE), '--seed', '7', '--until', EVE], place);
  // Its books end on the eve of the settlement, and it is July.
  const file = path.join(place.home, 'anju.yaml');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^clock_start:.*$/m, 'clock_start: 2026-07-01'));
  service = await start(place, { home: place });
});
after(async () => {
  await service?.stop({ remove: false });
  killAll(place.home);
  await place.remove();
});

const agent = new http.Agent({ keepAlive: true, maxSockets: READERS });

// The overview of one's own account: its principal, or why it did not come.
function read(me, kept) {
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port: service.port, path: '/api/v1/me/overview', agent: kept ? agent : false,
      headers: { host: `127.0.0.1:${service.port}`, cookie: `__Host-anju=${me.cookie}` } };
    http.get(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (more) => { text += more; }).on('error', (error) => resolve(error.code));
      answer.on('end', () => resolve(answer.statusCode === 200 ? JSON.parse(text) : answer.statusCode));
    }).on('error', (error) => resolve(error.code));
  });
}

test('at least 999 of 1,000 reads are answered across an import, a newer schema, a settlement and two restarts', async (t) => {
  const me = await signIn(service, service.demo[0]);
  const before = (await send(me, 'GET', '/api/v1/me/overview')).json;
  const answered = {};
  const failed = {};
  const principals = new Set();
  let during = 'nothing';
  let running = true;
  const readers = Array.from({ length: READERS }, async (_, n) => {
    while (running) {
      const phase = during;
      const got = await read(me, n % 2 === 0);
      if (typeof got === 'object') {
        assert.equal(got.account.number, before.account.number);
        principals.add(got.balance.principal);
        answered[phase] = (answered[phase] ?? 0) + 1;
      } else {
        failed[`${phase}: ${got}`] = (failed[`${phase}: ${got}`] ?? 0) + 1;
      }
    }
  });
  const during_ = async (what, act) => {
    during = what;
    await act();
    await sleep(300);
  };
  const restarts = () => (service.said().match(/"event":"restarted"/g) ?? []).length;
  const restart = async () => {
    const was = restarts();
    const nginx = Number(fs.readFileSync(path.join(place.home, 'run/nginx.pid'), 'utf8'));
    service.child.kill('SIGUSR2');
    await until('the new program', () => restarts() > was, 60_000);
    await until('the end of the old one', () => !fs.existsSync(`/proc/${nginx}`), 60_000);
  };
  try {
    await during_('import', () => succeed(['import', city], { ...place, ms: 120_000 }));
    await during_('restart', restart);
    // As a newer program would have left it: it only adds, and the one that runs goes on.
    await during_('newer schema', async () => {
      await rows(place, 'ALTER TABLE ledger.account ADD COLUMN of_a_later_version TEXT');
      await rows(place, 'CREATE TABLE ledger.later (account TEXT NOT NULL PRIMARY KEY, word TEXT)');
      await sleep(500);
    });
    await during_('settlement', async () => {
      const end = await command(['settle', '--date', '2026-06-30'], { ...place, ms: 120_000 });
      assert.equal(end.status, 0, end.err);
    });
    await during_('second restart', restart);
  } finally {
    running = false;
    await Promise.all(readers);
    agent.destroy();
  }
  const all = Object.values(answered).reduce((sum, n) => sum + n, 0);
  const lost = Object.values(failed).reduce((sum, n) => sum + n, 0);
  t.diagnostic(`${lost} of ${all + lost} reads were not answered ${JSON.stringify({ answered, failed })}`);
  for (const phase of ['import', 'restart', 'newer schema', 'settlement', 'second restart']) assert.ok(answered[phase] > 20, `${phase}: ${answered[phase]}`);
  // Only a request that crosses the end of its kept connection may fail; browsers send it again.
  assert.ok(all >= PROMISED * (all + lost), JSON.stringify(failed));
  // The settlement is seen at once, and nothing in between: before it, or after it.
  assert.equal(principals.size, 2, [...principals].join());
  const now = (await send(me, 'GET', '/api/v1/me/overview')).json;
  assert.notEqual(now.balance.principal, before.balance.principal);
  await verifies(place);
});
