// Five thousand connections at once, none of which ever asks for anything in earnest: somebody else
// signs in and reads meanwhile, and afterwards the service is as it was before.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import test, { after, before } from 'node:test';

import { cast, demoHome, killAll, sleep, start, until } from './support/fault.mjs';
import { send, signIn } from '../api/support/service.mjs';

const CROWD = 5000;
const MORE = 200; // who take the place of those that the service closes meanwhile
const BATCH = 250; // opened at once; the kernel's queue is longer
const ADDRESSES = 50; // 127.0.0.2 and on: one address may have 256 requests under way
const READERS = 500; // an answer that nobody reads stays in the kernel's memory
const OPEN_MS = 25_000; // for the whole crowd to be there
const NEVER_MS = 15_000; // the slowest answer to somebody who means it, on a busy machine
const KEPT_KIB = 96 * 1024; // what all workers together may have kept of it

function mostFiles() {
  const line = /Max open files\s+\S+\s+(\S+)/.exec(fs.readFileSync('/proc/self/limits', 'utf8'));
  return line[1] === 'unlimited' ? Infinity : Number(line[1]);
}
const skip = mostFiles() < CROWD + MORE + 1000 && `no more than ${mostFiles()} files may be open here`;

let place;
let service;
let script; // a file of the pages
before(async () => {
  if (skip) return;
  place = await demoHome({ people: 60 });
  service = await start(place, { home: place });
  const page = await (await fetch(`${service.base}/`)).text();
  [, script] = /src="(\/[^"]+\.js)"/.exec(page);
});
after(async () => {
  if (skip) return;
  await service?.stop({ remove: false });
  killAll(place.home);
  await place.remove();
});

// --- the crowd -----------------------------------------------------------------------------------

const crowd = new Set(); // those that are connected now
let turn = 0;

// What each kind says at first, and byte by byte every second after that.
const request = (...lines) => `${lines.join('\r\n')}\r\n`;
const kinds = {
  idle: {},
  header: { first: () => request('GET /api/v1/centre HTTP/1.1', `Host: 127.0.0.1:${service.port}`), drip: 'X' },
  body: {
    first: () => request(
      'POST /api/v1/sign-in HTTP/1.1', `Host: 127.0.0.1:${service.port}`, `Origin: ${service.base}`,
      'Content-Type: application/json', 'Content-Length: 4000', '',
    ),
    drip: ' ',
  },
  // Asks for a script twice and reads nothing.
  reader: { first: () => request(`GET ${script} HTTP/1.1`, `Host: 127.0.0.1:${service.port}`, '').repeat(2), asleep: true },
};

function join(kind) {
  const localAddress = `127.0.0.${2 + (turn++ % ADDRESSES)}`;
  return new Promise((resolve) => {
    const socket = net.connect({ port: service.port, host: '127.0.0.1', localAddress });
    socket.kind = kind;
    socket.on('connect', () => {
      crowd.add(socket);
      if (kinds[kind].asleep) socket.pause();
      else socket.resume();
      if (kinds[kind].first) socket.write(kinds[kind].first());
      resolve();
    });
    socket.on('error', resolve); // closed while it dripped
    socket.on('close', () => {
      crowd.delete(socket);
      resolve();
    });
  });
}

// Opens what is missing of each kind.
async function fill() {
  const missing = { reader: READERS, idle: 1500, header: 1500, body: CROWD + MORE - READERS - 3000 };
  for (const { kind } of crowd) missing[kind]--;
  const kindsMissing = Object.entries(missing).flatMap(([kind, count]) => Array(Math.max(0, count)).fill(kind));
  for (let i = 0; i < kindsMissing.length; i += BATCH) await Promise.all(kindsMissing.slice(i, i + BATCH).map(join));
}

function drip() {
  for (const socket of crowd) if (kinds[socket.kind].drip && socket.writable) socket.write(kinds[socket.kind].drip);
}

// --- the service ---------------------------------------------------------------------------------

// Connections to the service that its workers have accepted and not closed: those have an inode.
function accepted() {
  const port = `:${service.port.toString(16).toUpperCase().padStart(4, '0')}`;
  return fs.readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1).filter((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(port) && state !== '0A' && inode !== '0';
  }).length;
}

function residentKiB() {
  return cast(place.home).nginx.reduce((sum, pid) => (
    sum + Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1])
  ), 0);
}

test('five thousand connections hurt nobody who means it', { skip, timeout: 110_000 }, async (t) => {
  const regular = await signIn(service, service.demo[0]);
  assert.equal((await send(regular, 'GET', '/api/v1/me/overview')).status, 200);
  const helpers = cast(place.home);
  const before = { kib: residentKiB(), connections: accepted() };

  let filling = true;
  const dripping = setInterval(drip, 1000);
  const keepingFull = (async () => {
    while (filling) {
      await fill();
      await sleep(100);
    }
  })();
  t.after(async () => {
    filling = false;
    clearInterval(dripping);
    await keepingFull;
    for (const socket of crowd) socket.destroy();
  });
  await until('the whole crowd', () => accepted() - before.connections >= CROWD && crowd.size >= CROWD, OPEN_MS);
  const most = { kib: residentKiB(), connections: accepted() - before.connections };

  const took = [];
  const timed = async (what, work) => {
    const began = performance.now();
    const answer = await work();
    took.push(performance.now() - began);
    assert.ok(took.at(-1) < NEVER_MS, `${what}: ${took.at(-1).toFixed(0)} ms`);
    return answer;
  };
  for (const depositor of service.demo.slice(1, 4)) {
    const me = await timed('sign-in', () => signIn(service, depositor));
    for (const who of [me, regular, me, regular]) {
      for (const part of ['overview', 'entries']) {
        assert.equal((await timed(part, () => send(who, 'GET', `/api/v1/me/${part}`))).status, 200);
      }
    }
  }
  assert.equal((await fetch(`${service.addresses.operations}/readyz`)).status, 200);
  assert.ok(accepted() - before.connections > CROWD / 2, 'the crowd was there to the end');

  // Nobody new: the service closes by itself what idles or drips.
  filling = false;
  await keepingFull;
  const slow = () => [...crowd].filter(({ kind }) => kind !== 'reader').length;
  await until('the end of who was too slow', () => slow() === 0, 40_000);
  clearInterval(dripping);
  for (const socket of crowd) socket.destroy();
  await until('the end of all', () => accepted() <= before.connections + 8, 20_000);
  assert.deepEqual(cast(place.home), helpers, 'nobody died of it');
  const kept = residentKiB() - before.kib;
  t.diagnostic(`${most.connections} connections, ${((most.kib - before.kib) / 1024).toFixed(0)} MiB more at the height, `
    + `${(kept / 1024).toFixed(0)} MiB after; slowest answer ${Math.max(...took).toFixed(0)} ms of ${took.length}`);
  assert.ok(kept < KEPT_KIB, `${kept} KiB kept`);
  assert.equal((await send(regular, 'GET', '/api/v1/me/overview')).status, 200);
});
