// Strangers: too much, too slow, malformed, for another host, too many at once.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import {
  ask, buildToy, connect, echoed, gaveUp, logLines, parse, problemOf, remove, sleep, start, stop, talk, until,
} from './host.mjs';

let folder;
let service;

before(async () => {
  folder = buildToy();
  service = await start(folder, { args: ['--workers', '1'], env: { TOY_PROXY: '127.0.0.1' } });
});
after(async () => {
  await stop(service);
  remove(folder, service.home);
});

const refused = async (bytes, options) => problemOf(parse(await talk(service.port, bytes, options)));
const head = (...lines) => `${lines.join('\r\n')}\r\n\r\n`;

function assertRefused(answer, status, code) {
  assert.equal(answer.status, status);
  assert.equal(answer.type, 'application/problem+json');
  assert.deepEqual([answer.problem.status, answer.problem.code], [status, code]);
  assert.equal(answer.problem.type, 'about:blank');
}

describe('too much', () => {
  it('in the request line', async () => {
    assertRefused(await refused(head(`GET /${'x'.repeat(9000)} HTTP/1.1`, 'Host: localhost')), 414, 'header-too-large');
  });
  it('in one header field', async () => {
    assertRefused(await refused(head('GET /api/echo HTTP/1.1', 'Host: localhost', `X: ${'x'.repeat(9000)}`)), 431, 'header-too-large');
  });
  it('in all header fields together', async () => {
    const fields = Array.from({ length: 10 }, (_, i) => `X-${i}: ${'x'.repeat(5000)}`);
    assertRefused(await refused(head('GET /api/echo HTTP/1.1', 'Host: localhost', ...fields)), 431, 'header-too-large');
  });
  it('in the number of header fields', async () => {
    const fields = (n) => Array.from({ length: n }, (_, i) => `X-${i}: 1`);
    assert.equal((await ask(service.port, 'GET', '/api/echo', { headers: fields(62) })).status, 200);
    assertRefused(problemOf(await ask(service.port, 'GET', '/api/echo', { headers: fields(63) })), 431, 'header-too-large');
  });
  it('in the body, said before it comes', async () => {
    assertRefused(await refused(head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Content-Length: 65537')), 413, 'body-too-large');
  });
  it('in the body, said chunk by chunk', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const start = head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Transfer-Encoding: chunked');
    assertRefused(await refused(start + chunk.repeat(5)), 413, 'body-too-large');
  });
  it('in the body, in chunks so small that it would go to a file', async () => {
    const start = head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Connection: close', 'Transfer-Encoding: chunked');
    assertRefused(await refused(`${start}${'1\r\nx\r\n'.repeat(40000)}0\r\n\r\n`), 413, 'body-too-large');
    const kept = fs.readdirSync(path.join(service.home, 'run/nginx/client_body'), { recursive: true });
    assert.deepEqual(kept, []);
  });
});

describe('malformed', () => {
  const cases = {
    'not HTTP': 'hello\r\n\r\n',
    'a control character in the path': head('GET /\x01 HTTP/1.1', 'Host: localhost'),
    'a NUL in a header': head('GET /api/echo HTTP/1.1', 'Host: localhost', 'X: a\0b'),
    'a space in a header name': head('GET /api/echo HTTP/1.1', 'Host: localhost', 'Content-Length : 1'),
    'no host': head('GET /api/echo HTTP/1.1', 'X: 1'),
    'an empty host': head('GET /api/echo HTTP/1.1', 'Host: '),
    'two hosts': head('GET /api/echo HTTP/1.1', 'Host: localhost', 'Host: evil'),
    'two lengths': head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Content-Length: 1', 'Content-Length: 2'),
    'a length and chunks': head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
    'a negative length': head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Content-Length: -1'),
    'a chunk that is none': `${head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Transfer-Encoding: chunked')}zz\r\n`,
    'a path that leads above the root': head('GET /../../etc/passwd HTTP/1.1', 'Host: localhost'),
    'a broken percent sign': head('GET /%zz HTTP/1.1', 'Host: localhost'),
  };
  for (const [name, bytes] of Object.entries(cases)) {
    it(name, async () => assertRefused(await refused(bytes), 400, 'bad-request'));
  }
  it('a transfer coding that nobody knows', async () => {
    assertRefused(await refused(head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Transfer-Encoding: gzip')), 501, 'bad-request');
  });
});

describe('another host', () => {
  for (const host of ['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.2']) {
    it(`"${host}" is refused`, async () => {
      assertRefused(await refused(head('GET /api/echo HTTP/1.1', `Host: ${host}`, 'Connection: close')), 421, 'host-unknown');
    });
  }
  it('is refused in the request line too, and without any in HTTP/1.0', async () => {
    assertRefused(await refused(head('GET http://evil/api/echo HTTP/1.1', 'Host: localhost', 'Connection: close')), 421, 'host-unknown');
    assertRefused(await refused(head('GET /api/echo HTTP/1.0')), 421, 'host-unknown');
  });
  it('is refused at the operations listener', async () => {
    const text = await talk(service.operations, head('GET /healthz HTTP/1.1', 'Host: evil', 'Connection: close'));
    assert.equal(parse(text).status, 421);
  });
  it('is not what these are', async () => {
    for (const host of ['localhost', 'LOCALHOST', 'localhost:1', '127.0.0.1']) {
      const text = await talk(service.port, head('GET /api/echo HTTP/1.1', `Host: ${host}`, 'Connection: close'));
      assert.equal(parse(text).status, 200, host);
    }
  });
});

describe('behind a trusted proxy', () => {
  it('the client is whom the proxy names', async () => {
    const answer = await ask(service.port, 'GET', '/api/echo', { headers: ['X-Forwarded-For: 6.6.6.6, 2001:db8::7'] });
    assert.equal(echoed(answer).peer, '2001:db8::7');
  });
});

// The times and numbers are made small in the written configuration, which nginx then loads.
describe('with small limits', () => {
  before(async () => {
    const file = path.join(service.home, 'run/nginx.conf');
    let text = fs.readFileSync(file, 'utf8');
    for (const [name, value] of [
      ['client_header_timeout', '1s'], ['client_body_timeout', '2s'], ['adapter_body_time', '1s'],
      ['send_timeout', '1s'], ['keepalive_timeout', '1s'], ['limit_conn address', '3'],
    ]) {
      assert.match(text, new RegExp(`${name} \\w+;`));
      text = text.replaceAll(new RegExp(`${name} \\w+;`, 'g'), `${name} ${value};`);
    }
    const old = echoed(await ask(service.port, 'GET', '/api/echo')).worker;
    fs.writeFileSync(file, text);
    process.kill(Number(fs.readFileSync(path.join(service.home, 'run/nginx.pid'), 'utf8')), 'SIGHUP');
    await until('a new worker', async () => echoed(await ask(service.port, 'GET', '/api/echo')).worker !== old);
    await until('the old worker to give up', () => gaveUp(old));
  });

  const DRIP_MS = 9000; // one that is not cut within this is not cut: the ordinary times are longer
  // Sends a byte every tenth of a second until the connection is closed; how long that took.
  async function drip(first) {
    const socket = await connect(service.port);
    const began = Date.now();
    socket.on('error', () => {});
    socket.write(first);
    const timer = setInterval(() => socket.write('x'), 100);
    await Promise.race([socket.gone, new Promise((resolve) => socket.once('data', resolve)), sleep(DRIP_MS, null, { ref: false })]);
    clearInterval(timer);
    const took = Date.now() - began;
    socket.destroy();
    return { took, text: socket.text };
  }

  it('a header that drips is cut', async () => {
    const { took, text } = await drip('GET /api/echo HTTP/1.1\r\nX: ');
    assert.equal(text, '');
    assert.ok(took > 800 && took < DRIP_MS, `${took} ms`);
  });
  it('a body that drips is refused when its time is over', async () => {
    const { took, text } = await drip(head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Content-Length: 60000'));
    assertRefused(problemOf(parse(text)), 408, 'timed-out');
    assert.ok(took > 800 && took < DRIP_MS, `${took} ms`);
    const line = await until('its line in the log', () => logLines(service.home).find((l) => l.status === 408 && l.code));
    assert.deepEqual([line.route, line.code], ['error', 'timed-out']);
  });
  it('a body that stalls is cut', async () => {
    const socket = await connect(service.port);
    socket.on('error', () => {});
    socket.write(head('POST /api/echo HTTP/1.1', 'Host: localhost', 'Content-Length: 10'));
    await Promise.race([socket.gone, sleep(DRIP_MS, null, { ref: false })]);
    assert.ok(socket.destroyed);
  });
  it('a reader that sleeps is cut', async () => {
    const socket = await connect(service.port);
    socket.on('error', () => {});
    socket.pause();
    socket.write(head('GET /api/big?8000000 HTTP/1.1', 'Host: localhost'));
    const line = await until('its line in the log', () => logLines(service.home).find((l) => l.route === '/api/big'), 15_000);
    assert.ok(line.bytes < 8_000_000);
    socket.destroy();
  });
  it('an idle connection is closed', async () => {
    const socket = await connect(service.port);
    socket.write(head('GET /api/echo HTTP/1.1', 'Host: localhost'));
    await Promise.race([socket.gone, sleep(20_000, null, { ref: false })]);
    assert.ok(socket.destroyed);
  });
  it('requests at once are counted by address, IPv6 by /64', async () => {
    const from = (address) => ask(service.port, 'GET', '/api/io?1500', { headers: [`X-Forwarded-For: ${address}`] });
    const answers = await Promise.all([
      ...[1, 2, 3, 4, 5].map((i) => from(`2001:db8:1:2:${i}::${i}`)),
      from('2001:db8:1:3::1'), from('192.0.2.1'), from('192.0.2.2'),
    ]);
    const same = answers.slice(0, 5).map((a) => a.status).sort();
    assert.deepEqual(same, [200, 200, 200, 429, 429]);
    assert.deepEqual(answers.slice(5).map((a) => a.status), [200, 200, 200]);
    const full = problemOf(answers.find((a) => a.status === 429));
    assertRefused(full, 429, 'busy');
    assert.deepEqual(full.headers['retry-after'], ['2']);
  });
});
