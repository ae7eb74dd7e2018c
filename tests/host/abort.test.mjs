// The client goes away in every phase; module and library run under the address sanitizer.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import {
  ask, buildToy, connect, echoed, gaveUp, isAlive, makeHome, remove, sleep, start, stop, talk, until,
} from './host.mjs';

const TIMES = 40;
let folder;
let home;
let service;

// Also looks for leaks, among them every answer that was not released. nginx itself keeps a few bytes
// to its end.
function startSanitized({ leaks = 1 } = {}) {
  fs.writeFileSync(path.join(folder, 'leaks'), 'leak:ngx_alloc\n');
  const library = execFileSync('cc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
  return start(folder, {
    home,
    args: ['--workers', '1'],
    env: {
      LD_PRELOAD: fs.realpathSync(library),
      ASAN_OPTIONS: `log_path=${folder}/asan:detect_leaks=${leaks}:detect_stack_use_after_return=1`,
      LSAN_OPTIONS: `suppressions=${folder}/leaks:print_suppressions=0`,
    },
  });
}

before(async () => {
  folder = buildToy({ asan: true });
  home = makeHome();
  service = await startSanitized();
});
after(async () => {
  await stop(service);
  remove(folder, home);
});

// Sends bytes, waits, goes away: politely or with a reset.
async function leave(bytes, ms, how) {
  const socket = await connect(service.port);
  socket.on('error', () => {});
  socket.write(bytes, 'latin1');
  await sleep(ms);
  if (how === 'reset') socket.resetAndDestroy();
  else if (how === 'half') socket.end();
  else socket.destroy();
  await socket.gone;
}

const get = (target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const post = (target, length, part) =>
  `POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n${part}`;
const chunked = (target, part) =>
  `POST ${target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${part}`;

const phases = {
  'before a byte': ['', 1],
  'during the header': ['GET /api/echo HTTP/1.1\r\nHost: local', 2],
  'during the body': [post('/api/echo', 1000, 'abc'), 2],
  'during a chunk': [chunked('/api/echo', '100\r\nabc'), 2],
  'while the handler waits for the database': [get('/api/io?30'), 5],
  'while the handler hashes': [post('/api/hash?10', 3, 'abc'), 2],
  'between two pools': [get('/api/both'), 0],
  'while the answer is sent': [get('/api/big?2000000'), 3],
  'with more requests in the pipe': [get('/api/io?10') + post('/api/hash?5', 3, 'abc') + get('/api/big?800000'), 5],
  'while it is refused': [post('/api/echo', 70000, 'x'.repeat(20000)), 1],
};

// Reads what the sanitizer wrote: nginx itself ends with 0 although a worker died.
function complaints() {
  const reports = fs.readdirSync(folder).filter((name) => name.startsWith('asan.'))
    .map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
  return reports.join('') + fs.readFileSync(path.join(home, 'log/error.log'), 'utf8');
}

describe('a client that goes away', () => {
  for (const [name, [bytes, ms]] of Object.entries(phases)) {
    for (const how of ['close', 'reset', 'half']) {
      it(`${name} (${how})`, async () => {
        await Promise.all(Array.from({ length: TIMES }, (_, i) => leave(bytes, ms + (i % 4), how)));
        assert.equal((await ask(service.port, 'GET', '/api/echo')).status, 200);
        assert.equal(complaints(), '');
      });
    }
  }

  it('leaves no request behind: the worker ends in order at once', async () => {
    await sleep(200);
    const began = Date.now();
    const { status } = await stop(service);
    assert.equal(status, 0);
    // It was not ended by force, of which nginx would complain: nothing was waited for.
    assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
    assert.equal(complaints(), '');
  });
});

const worker = async () => echoed(await ask(service.port, 'GET', '/api/echo')).worker;

// Changes the written configuration and lets nginx load it; the worker that ends by that.
async function reload(change = (text) => text) {
  const file = path.join(home, 'run/nginx.conf');
  const old = await worker();
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
  process.kill(Number(fs.readFileSync(path.join(home, 'run/nginx.pid'), 'utf8')), 'SIGHUP');
  await until('a new worker', async () => (await worker()) !== old);
  await until('the old worker to give up', () => gaveUp(old));
  return old;
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('over HTTP/2', () => {
  let port;
  before(async () => {
    service = await startSanitized();
    port = await freePort();
    await reload((text) => text
      .replace(/listen (\S+);\n/, `listen $1;\n        listen 127.0.0.1:${port} http2;\n`)
      .replace(/adapter_body_time \w+;/, 'adapter_body_time 300ms;'));
  });
  after(() => stop(service));

  function session() {
    const client = http2.connect(`http://127.0.0.1:${port}`);
    client.on('error', () => {});
    return client;
  }
  function request(client, target, { body, open = false } = {}) {
    const stream = client.request({ ':method': body || open ? 'POST' : 'GET', ':path': target, ':authority': 'localhost' },
      { endStream: !body && !open });
    const answer = { body: '' };
    stream.on('error', () => {});
    stream.on('response', (headers) => { answer.status = headers[':status']; });
    stream.on('data', (data) => { answer.body += data; });
    if (body) stream.end(body);
    return { stream, done: new Promise((resolve) => stream.on('close', () => resolve(answer))) };
  }

  it('requests are answered side by side', async () => {
    const client = session();
    const answers = await Promise.all(['/api/io?30', '/api/hash?10', '/api/echo', '/api/big?500000', '/api/both']
      .map((target) => request(client, target, { body: target === '/api/echo' && 'hello' }).done));
    assert.deepEqual(answers.map((a) => a.status), [200, 200, 200, 200, 200]);
    assert.match(answers[2].body, /body=hello/);
    assert.equal(answers[3].body.length, 500000);
    client.close();
  });

  for (const [name, target, options, ms] of [
    ['while the handler waits', '/api/io?40', {}, 10],
    ['during the body', '/api/echo', { open: true }, 10],
    ['while the answer is sent', '/api/big?8000000', {}, 10],
  ]) {
    it(`a stream is reset ${name}`, async () => {
      const client = session();
      const all = Array.from({ length: 20 }, () => request(client, target, options));
      await sleep(ms);
      for (const { stream } of all) stream.close(http2.constants.NGHTTP2_CANCEL);
      await Promise.all(all.map(({ done }) => done));
      assert.equal((await request(client, '/api/echo').done).status, 200);
      client.close();
      assert.equal(complaints(), '');
    });
    it(`the connection is lost ${name}`, async () => {
      const client = session();
      const all = Array.from({ length: 20 }, () => request(client, target, options));
      await sleep(ms);
      client.destroy();
      await Promise.all(all.map(({ done }) => done));
      await sleep(60);
      assert.equal((await ask(service.port, 'GET', '/api/echo')).status, 200);
      assert.equal(complaints(), '');
    });
  }

  it('a body that drips is refused; what still comes is not read', async () => {
    const client = session();
    const late = request(client, '/api/echo', { open: true });
    const timer = setInterval(() => late.stream.write('x'), 50);
    const answer = await Promise.race([late.done, sleep(10_000, {}, { ref: false })]);
    clearInterval(timer);
    assert.equal(answer.status, 408);
    client.close();
    assert.equal(complaints(), '');
  });
});

describe('a worker that ends', () => {
  before(async () => { service = await startSanitized(); });

  const ended = (pid) => until('the end of the old worker', () => !isAlive(pid), 20_000);

  it('answers first what waits in its pools', async () => {
    const waiting = ['/api/io?700', '/api/hash?600', '/api/io?500']
      .map((target) => ask(service.port, 'GET', target));
    await sleep(50);
    const old = await reload();
    for (const answer of await Promise.all(waiting)) {
      assert.equal(answer.status, 200);
      assert.equal(echoed(answer).worker, old);
    }
    await ended(old);
    assert.equal(complaints(), '');
  });

  it('drops what takes longer than it may', async () => {
    await reload((text) => text.replace(/worker_shutdown_timeout \w+;/, 'worker_shutdown_timeout 1s;'));
    const waiting = talk(service.port, get('/api/io?8000')); // a new worker under the sanitizer takes its time
    const sending = await connect(service.port);
    sending.on('error', () => {});
    sending.pause();
    sending.write(get('/api/big?8000000'));
    const late = talk(service.port, post('/api/echo', 100, 'abc'));
    await sleep(50);
    const old = await reload();
    assert.equal(await waiting, '');
    assert.equal(await late, '');
    await ended(old);
    assert.equal(complaints(), '');
    sending.destroy();
  });

  it('leaves nothing behind', async () => {
    assert.equal((await stop(service)).status, 0);
    assert.equal(complaints(), '');
  });

  it('goes with the service, whatever it is at', async () => {
    service = await startSanitized({ leaks: 0 });
    const waiting = await connect(service.port);
    const sending = await connect(service.port);
    for (const socket of [waiting, sending]) socket.on('error', () => {});
    sending.pause();
    waiting.write(get('/api/io?4000'));
    sending.write(get('/api/big?8000000'));
    await sleep(50);
    const began = Date.now();
    assert.equal((await stop(service)).status, 0);
    assert.ok(Date.now() - began < 15_000);
    /* Ended by force, nginx says which connections it left. */
    const said = complaints().split('\n').filter((line) => line && !/open socket|aborting/.test(line));
    assert.deepEqual(said, []);
    for (const socket of [waiting, sending]) socket.destroy();
  });
});
