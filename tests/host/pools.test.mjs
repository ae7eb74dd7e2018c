// Slow requests wait in their pools; quick ones do not notice.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ask, buildToy, echoed, logLines, problemOf, remove, start, stop, until } from './host.mjs';

let folder;
let service;

before(async () => {
  folder = buildToy();
  service = await start(folder, { args: ['--workers', '1'] });
});
after(async () => {
  await stop(service);
  remove(folder, service.home);
});

const many = (count, make) => Promise.all(Array.from({ length: count }, (_, i) => make(i)));

describe('the pools', () => {
  it('let quick requests pass while both are full of waiting ones', async () => {
    let waiting = true;
    const slow = many(20, (i) => ask(service.port, 'GET', i < 16 ? '/api/io?2000' : '/api/hash?1000'))
      .finally(() => { waiting = false; });
    const times = [];
    for (let i = 0; i < 200 && (waiting || i < 50); i++) {
      const began = performance.now();
      assert.equal((await ask(service.port, 'GET', '/api/echo')).status, 200);
      if (waiting) times.push(performance.now() - began);
    }
    assert.ok((await slow).every((answer) => answer.status === 200));
    // Behind the waiting ones, each would take a second; a busy machine alone makes some slow.
    assert.ok(times.length >= 20, `${times.length} quick answers meanwhile`);
    times.sort((a, b) => a - b);
    assert.ok(times[Math.floor(times.length * 0.75)] < 250, `75 % within ${times[Math.floor(times.length * 0.75)]} ms`);
  });

  it('run as many at once as they have threads', async () => {
    const began = performance.now();
    await many(16, () => ask(service.port, 'GET', '/api/io?1500'));
    const took = performance.now() - began;
    assert.ok(took >= 1500 && took < 3000, `16 waits of 1500 ms took ${took} ms`);
  });

  it('refuse what does not fit into the queue, with the time to come back', async () => {
    const answers = await many(60, (i) => ask(service.port, 'GET', `/api/hash?${250 + i}`));
    const full = answers.filter((answer) => answer.status === 503);
    const done = answers.filter((answer) => answer.status === 200);
    assert.equal(full.length + done.length, 60);
    assert.ok(done.length >= 33, `${done.length} were answered`);
    assert.ok(full.length >= 10, `${full.length} were refused`);
    for (const answer of full.map(problemOf)) {
      assert.equal(answer.type, 'application/problem+json');
      assert.equal(answer.problem.code, 'busy');
      assert.ok(Number(answer.headers['retry-after'][0]) > 0);
    }
    const line = await until('its line in the log', () => logLines(service.home).find((l) => l.status === 503));
    assert.deepEqual([line.route, line.code], ['/api/hash', 'busy']);
    assert.ok(done.every((answer) => echoed(answer).place === 'hash'));
  });

  it('are themselves again afterwards', async () => {
    assert.equal((await ask(service.port, 'GET', '/api/hash?1')).status, 200);
  });
});
