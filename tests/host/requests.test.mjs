// What a handler is given, and what becomes of its answer.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { ask, buildToy, echoed, logLines, parse, problemOf, remove, start, stop, talk, until } from './host.mjs';

let folder;
let service;

before(async () => {
  folder = buildToy();
  service = await start(folder, { args: ['--workers', '1'], env: { ANJU_SECRET_NAME: 'x', OTHER: 'y' } });
});
after(async () => {
  await stop(service);
  remove(folder, service.home);
});

describe('a request', () => {
  it('reaches the handler as it was sent', async () => {
    const answer = await ask(service.port, 'GET', '/api/echo?a=%20b&c', { headers: ['X-Forwarded-For: 192.0.2.7', 'X-One: 1'] });
    const seen = echoed(answer);
    assert.equal(answer.status, 200);
    assert.equal(seen.method, 'GET');
    assert.equal(seen.path, '/api/echo');
    assert.equal(seen.query, 'a=%20b&c');
    assert.equal(seen.peer, '127.0.0.1', 'no proxy is trusted');
    assert.equal(seen.listener, '0');
    assert.equal(seen.secure, '0');
    assert.equal(seen.place, 'loop');
    assert.equal(seen.body_len, '0');
    assert.equal(seen.home, service.home, 'the workers keep our environment');
    assert.deepEqual(seen.headers.at(-1), ['x-one', '1']);
  });

  it('keeps its methods apart', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      assert.equal(echoed(await ask(service.port, method, '/api/echo')).method, method);
    }
    assert.equal(echoed(await ask(service.port, 'PROPFIND', '/api/echo')).method, 'OTHER');
    const head = await ask(service.port, 'HEAD', '/api/echo');
    assert.equal(head.status, 200);
    assert.equal(head.body, '');
    assert.ok(Number(head.headers['content-length'][0]) > 100);
  });

  it('is matched on the raw path: an encoded or dotted one is another path', async () => {
    for (const target of ['/%61pi/echo', '/api/../api/echo', '/api//echo', '/api/./echo']) {
      assert.equal((await ask(service.port, 'GET', target)).status, 404, target);
    }
  });

  it('brings its body in one piece, also when it came in chunks and drops', async () => {
    const body = 'x'.repeat(64 * 1024);
    const whole = echoed(await ask(service.port, 'POST', '/api/echo', { body }));
    assert.equal(whole.body_len, String(64 * 1024));
    assert.equal(whole.body, body);

    const chunks = ['abc', 'd', '\u0000\u00ff', 'efgh'];
    const sent = chunks.map((c) => `${c.length.toString(16)}\r\n${c}\r\n`).join('');
    const text = await talk(service.port,
      `POST /api/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${sent}0\r\n\r\n`);
    assert.equal(echoed(parse(text)).body, chunks.join(''));
  });

  it('brings every header field, a repeated one as often as it was sent', async () => {
    const headers = ['Cookie: a=1', 'Cookie: a=2', 'X-Two: a', 'X-Two: b'];
    const seen = echoed(await ask(service.port, 'GET', '/api/echo', { headers }));
    assert.deepEqual(seen.headers.filter(([name]) => name === 'cookie').map(([, v]) => v), ['a=1', 'a=2']);
    assert.deepEqual(seen.headers.filter(([name]) => name === 'x-two').map(([, v]) => v), ['a', 'b']);
  });

  it('may be one of many on a connection, sent before the answer came', async () => {
    const one = 'GET /api/io?20 HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const post = 'POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello';
    const last = 'GET /api/echo?last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const text = await talk(service.port, one + post + one + last);
    assert.equal(text.match(/HTTP\/1\.1 200/g).length, 4);
    assert.match(text, /body=hello/);
    assert.match(text, /query=last/);
  });

  it('comes from the operations listener with its number, which serves no pages', async () => {
    const seen = echoed(await ask(service.operations, 'GET', '/healthz'));
    assert.equal(seen.listener, '1');
    assert.equal((await ask(service.port, 'GET', '/healthz')).status, 200, 'publicly it is a page address');
    assert.equal((await ask(service.operations, 'GET', '/')).status, 404);
  });
});

describe('an answer', () => {
  it('may come from a thread of either pool, or of both in turn', async () => {
    const io = echoed(await ask(service.port, 'POST', '/api/io?5', { body: 'still here' }));
    assert.deepEqual([io.place, io.nice, io.body], ['io', '0', 'still here']);
    const hash = echoed(await ask(service.port, 'POST', '/api/hash?5', { body: 'still here' }));
    assert.deepEqual([hash.place, hash.nice, hash.body], ['hash', '10', 'still here']);
    assert.equal(echoed(await ask(service.port, 'GET', '/api/both')).place, 'hash');
  });

  it('is one with 500 when the handler never comes to an end', async () => {
    const answer = problemOf(await ask(service.port, 'GET', '/api/endless'));
    assert.equal(answer.status, 500);
    assert.equal(answer.problem.code, 'our-fault');
  });

  it('has the status that was set, and is 500 without what was written when it has none', async () => {
    for (const status of [200, 201, 404, 409, 503]) {
      assert.equal((await ask(service.port, 'GET', `/api/status?${status}`)).status, status);
    }
    const empty = await ask(service.port, 'GET', '/api/status?204');
    assert.deepEqual([empty.status, empty.body], [204, '']);
    for (const wrong of [0, 99, 600]) {
      const answer = problemOf(await ask(service.port, 'GET', `/api/status?${wrong}`));
      assert.equal(answer.status, 500);
      assert.ok(!answer.body.includes('thrown away'));
    }
  });

  it('carries several cookies, and never a header field inside a value', async () => {
    const cookies = await ask(service.port, 'GET', '/api/cookies');
    assert.deepEqual(cookies.headers['set-cookie'], ['a=1; Path=/', 'b=2; Path=/']);
    const split = await ask(service.port, 'GET', '/api/split');
    assert.equal(split.status, 500);
    assert.equal(split.headers['set-cookie'], undefined);
  });

  it('may be large, but not beyond the limit', async () => {
    const size = 3_000_000;
    assert.equal((await ask(service.port, 'GET', `/api/big?${size}`)).body.length, size);
    assert.equal((await ask(service.port, 'GET', '/api/big?9000000')).status, 500);
  });

  it('carries the headers that protect a page', async () => {
    for (const target of ['/', '/api/echo', '/assets/absent.js']) {
      const { headers } = await ask(service.port, 'GET', target);
      assert.match(headers['content-security-policy'][0], /^default-src 'none';/);
      assert.doesNotMatch(headers['content-security-policy'][0], /unsafe/);
      assert.deepEqual(headers['x-content-type-options'], ['nosniff']);
      assert.deepEqual(headers['referrer-policy'], ['no-referrer']);
      assert.deepEqual(headers['cross-origin-opener-policy'], ['same-origin']);
      assert.deepEqual(headers['cross-origin-resource-policy'], ['same-origin']);
      assert.deepEqual(headers.server, ['nginx'], 'no version');
    }
  });
});

describe('pages', () => {
  const hall = () => path.join(folder, 'web/hall');

  it('are replaced by a plain sentence while there are none', async () => {
    const answer = await ask(service.port, 'GET', '/');
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'][0], /^text\/html/);
    assert.match(answer.body, /make build/);
  });

  it('come with the right type, age and compression', async () => {
    fs.mkdirSync(path.join(hall(), 'assets'), { recursive: true });
    fs.writeFileSync(path.join(hall(), 'index.html'), '<!doctype html><title>hall</title>');
    fs.writeFileSync(path.join(hall(), 'favicon.svg'), '<svg/>');
    fs.writeFileSync(path.join(hall(), '.secret'), 'no');
    fs.writeFileSync(path.join(hall(), 'assets/index-abc.js'), 'plain');
    fs.writeFileSync(path.join(hall(), 'assets/index-abc.js.gz'), 'squeezed');
    const page = await ask(service.port, 'GET', '/');
    assert.deepEqual(page.headers['cache-control'], ['no-cache']);
    assert.equal(page.headers['content-type'][0], 'text/html; charset=utf-8');
    const script = await ask(service.port, 'GET', '/assets/index-abc.js');
    assert.deepEqual(script.headers['cache-control'], ['public, max-age=31536000, immutable']);
    assert.equal(script.headers['content-type'][0], 'text/javascript; charset=utf-8');
    assert.equal(script.body, 'plain');
    const squeezed = await ask(service.port, 'GET', '/assets/index-abc.js', { headers: ['Accept-Encoding: gzip'] });
    assert.equal(squeezed.body, 'squeezed');
    assert.deepEqual(squeezed.headers['content-encoding'], ['gzip']);
    assert.match(squeezed.headers.vary[0], /Accept-Encoding/i);
    assert.equal((await ask(service.port, 'GET', '/favicon.svg')).headers['content-type'][0], 'image/svg+xml');
  });

  it('stand behind every address of a page, but not behind that of a file or of the API', async () => {
    for (const target of ['/contributions', '/help/a/b', '/?x']) {
      assert.match((await ask(service.port, 'GET', target)).body, /hall/, target);
    }
    for (const target of ['/assets/absent.js', '/absent.png', '/.secret', '/a/.git/config', '/_problem']) {
      const answer = problemOf(await ask(service.port, 'GET', target));
      assert.equal(answer.status, 404, target);
      assert.equal(answer.type, 'application/problem+json');
      assert.equal(answer.problem.code, 'not-found');
      assert.deepEqual(answer.headers['cache-control'], ['no-store']);
    }
    for (const target of ['/api', '/api/', '/api/v1/x.csv']) {
      assert.match((await ask(service.port, 'GET', target)).body, /toy: not found/, target);
    }
  });

  it('are read, not written to', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = problemOf(await ask(service.port, method, '/'));
      assert.equal(answer.status, 405);
      assert.equal(answer.problem.code, 'method-not-allowed');
      assert.deepEqual(answer.headers.allow, ['GET, HEAD']);
    }
  });
});

describe('the log', () => {
  it('has one line a request, with the template of the route, and nobody in it', async () => {
    const secret = '530199199001011234';
    await ask(service.port, 'GET', '/api/status?418');
    const before = await until('the lines of earlier requests', () => logLines(service.home)
      .findIndex((l) => l.status === 418) + 1);
    await ask(service.port, 'GET', `/api/echo?id=${secret}`, { headers: [`Cookie: s=${secret}`] });
    await ask(service.port, 'GET', `/page/${secret}`);
    await ask(service.port, 'GET', `/assets/${secret}.js`);
    await ask(service.port, 'GET', '/api/status?409');
    await ask(service.port, 'SECRETNAME', '/api/echo');
    await talk(service.port, `GET /${secret}\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const lines = (await until('six lines', () => logLines(service.home).length >= before + 6
      && logLines(service.home))).slice(before);
    assert.deepEqual(lines.map((l) => [l.method, l.route, l.status, l.code]), [
      ['GET', '/api/echo', 200, ''],
      ['GET', 'static', 200, ''],
      ['GET', 'error', 404, 'not-found'],
      ['GET', '/api/status', 409, 'toy-code'],
      ['OTHER', '/api/echo', 200, ''],
      ['GET', 'error', 400, 'bad-request'],
    ]);
    assert.deepEqual(Object.keys(lines[0]), ['time', 'method', 'route', 'status', 'bytes', 'seconds', 'code']);
    for (const name of fs.readdirSync(path.join(service.home, 'log'))) {
      const text = fs.readFileSync(path.join(service.home, 'log', name), 'utf8');
      assert.ok(!text.includes(secret), name);
      assert.ok(!text.includes('127.0.0.1'), name);
    }
  });
});
