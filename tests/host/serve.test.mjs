// The supervisor: how it starts, what it says when it cannot, and that nobody is left behind.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import {
  addresses, ask, buildToy, canBeReachedByAll, connect, echoed, isAlive, launch, makeHome, processesOf, remove, sleep, start, stop, until,
} from './host.mjs';

let folder;
let home;

before(() => { folder = buildToy(); });
after(() => remove(folder));
beforeEach(() => { home = makeHome(); });
afterEach(() => {
  for (const { pid } of processesOf(home)) process.kill(pid, 'SIGKILL');
  remove(home);
});

const GRACE_MS = 3000; // LIMIT_STOP_GRACE_MS: what is under way is waited for this long
const nobodyLeft = (ms = 10_000) => until('the end of everybody', () => processesOf(home).length === 0, ms);
// 0 while it is not there: an nginx that ends takes its number along.
const nginxPid = () => {
  try { return Number(fs.readFileSync(path.join(home, 'run/nginx.pid'), 'utf8')); } catch { return 0; }
};
const workerPid = async (service) => Number(echoed(await ask(service.port, 'GET', '/api/echo')).worker);
const mode = (name) => fs.statSync(path.join(home, name)).mode & 0o777;

async function refusedStart(options, pattern) {
  const service = await launch(folder, { home, ...options });
  const { status } = await service.ended;
  assert.notEqual(status, 0);
  assert.match(service.err, pattern);
  assert.equal(service.err.trim().split('\n').length, 1, service.err);
  assert.equal(service.out, '');
  await nobodyLeft();
}

describe('anju serve', () => {
  it('starts quickly, says where, and writes it down for others only of this user', async () => {
    const began = Date.now();
    const service = await start(folder, { home });
    assert.ok(Date.now() - began < 10_000);
    assert.equal(service.out, `Anju answers at ${service.url}\n`);
    assert.equal((await ask(service.port, 'GET', '/')).status, 200);
    assert.deepEqual(Object.keys(addresses(home)), ['public', 'operations']);
    assert.deepEqual([mode('run'), mode('log'), mode('run/addresses.json'), mode('run/nginx.conf')],
      [0o700, 0o700, 0o600, 0o600]);
    assert.equal((await stop(service)).status, 0);
    assert.ok(!fs.existsSync(path.join(home, 'run/addresses.json')));
    assert.equal(service.err, '');
    await nobodyLeft(1000);
  });

  it('begins with no sessions in the shared map, and lets nobody leave a core file', async () => {
    fs.mkdirSync(path.join(home, 'run'));
    fs.writeFileSync(path.join(home, 'run/sessions'), 'of another database');
    const service = await start(folder, { home, wrap: ['prlimit', '--core=1000000:1000000'] });
    assert.ok(!fs.existsSync(path.join(home, 'run/sessions')));
    for (const pid of [nginxPid(), await workerPid(service)]) {
      assert.match(fs.readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
    }
    await stop(service);
  });

  it('takes the address from the command line, and answers on IPv6', async () => {
    const service = await start(folder, { home, args: ['--listen', '[::1]:0'] });
    assert.match(service.url, /^http:\/\/\[::1\]:\d+$/);
    const socket = await connect(service.port, '::1');
    socket.write(`GET / HTTP/1.1\r\nHost: [::1]:${service.port}\r\nConnection: close\r\n\r\n`);
    await socket.gone;
    assert.match(socket.text, /^HTTP\/1\.1 200/);
    await stop(service);
  });

  it('says the public origin, and takes its host name', async () => {
    const service = await start(folder, { home, env: { TOY_ORIGIN: 'https://gjj.example:8443/' } });
    assert.equal(service.err, '');
    assert.equal(service.out, 'Anju answers at https://gjj.example:8443/\n');
    const socket = await connect(service.port);
    socket.write('GET /api/echo HTTP/1.1\r\nHost: gjj.example:8443\r\nConnection: close\r\n\r\n');
    await socket.gone;
    assert.match(socket.text, /^HTTP\/1\.1 200/);
    assert.match(socket.text, /^strict-transport-security: max-age=31536000\r$/m);
    await stop(service);

    const same = await start(folder, { home, env: { TOY_ORIGIN: 'http://127.0.0.1:1' } });
    assert.equal((await ask(same.port, 'GET', '/')).headers['strict-transport-security'], undefined);
    assert.equal(same.err, '', 'the same host name twice is nothing to speak of');
    await stop(same);
  });

  it('runs the stand-ins of a demo home, and names its depositors', async () => {
    const names = ['sms', 'identity', 'bank'];
    const standIns = names.map((name) => path.join(folder, `anju-standin-${name}`));
    standIns.forEach((file, i) => fs.writeFileSync(file, `#!/bin/sh\necho "$@" >"$2/${names[i]}"; exec sleep 1000\n`, { mode: 0o755 }));
    fs.writeFileSync(path.join(home, 'demo-depositors.txt'), 'one\ntwo\n');
    const service = await start(folder, { home, env: { TOY_DEMO: '1' }, args: ['--print-depositors'] });
    const { sms_gateway: sms, identity_check: identity, bank_card_check: bank } = addresses(home);
    assert.equal(service.out, `Anju answers at ${service.url}\none  codes at ${sms}\ntwo  codes at ${sms}\nTheir codes arrive at ${sms}\nPeople who can try to register: ${bank}\n`);
    for (const [i, url] of [sms, identity, bank].entries()) {
      const told = await until('the stand-in', () => { try { return fs.readFileSync(path.join(home, names[i]), 'utf8'); } catch { return ''; } });
      assert.equal(told, `${new URL(url).port} ${home}\n`);
    }
    service.child.kill('SIGKILL');
    await nobodyLeft();
    remove(standIns[2]);
    await refusedStart({ env: { TOY_DEMO: '1' } }, /anju-standin-bank is missing/);
    remove(...standIns);
  });

  it('runs beside another on its own home', async () => {
    const other = await start(folder);
    const service = await start(folder, { home });
    assert.notEqual(service.port, other.port);
    await stop(service);
    assert.equal((await ask(other.port, 'GET', '/')).status, 200);
    await stop(other);
    remove(other.home);
  });
});

describe('one clear line', () => {
  it('for a second service on the same home', async () => {
    const service = await start(folder, { home });
    const second = await launch(folder, { home });
    assert.notEqual((await second.ended).status, 0);
    assert.match(second.err, new RegExp(`^anju: a service runs on .* already \\(process ${service.child.pid}\\): .*ANJU_HOME\n$`));
    assert.equal((await ask(service.port, 'GET', '/')).status, 200, 'the first is untouched');
    assert.ok(fs.existsSync(path.join(home, 'run/addresses.json')));
    await stop(service);
  });
  it('for a port in use', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address();
    await refusedStart({ env: { ANJU_LISTEN: `127.0.0.1:${port}` } }, new RegExp(`127.0.0.1:${port} is in use.*ANJU_LISTEN`));
    server.close();
  });
  it('for an address of another machine, or none at all', async () => {
    await refusedStart({ env: { ANJU_LISTEN: '192.0.2.1:8080' } }, /192\.0\.2\.1 is not an address of this machine/);
    for (const wrong of ['8080', 'example.org:80', '127.0.0.1:', '127.0.0.1:99999', '[::1:80']) {
      await refusedStart({ env: { ANJU_LISTEN: wrong } }, /cannot listen on ".*": write a numeric address/);
    }
  });
  it('for a home that nginx could not be told about', async () => {
    const odd = path.join(home, 'a$b');
    fs.mkdirSync(odd);
    await refusedStart({ env: { ANJU_HOME: odd } }, /cannot stand in nginx's configuration because of '\$'/);
  });
  it('for what prepares badly', async () => {
    await refusedStart({ env: { ANJU_HOME: '/nowhere' } }, /the home \/nowhere is not writable/);
    await refusedStart({ env: { TOY_WRONG: 'the store is damaged' } }, /^anju: the store is damaged\n$/);
  });
  it('for a missing part of the program', async () => {
    const part = path.join(folder, 'libanju_web.so');
    fs.renameSync(part, `${part}.away`);
    await refusedStart({}, /libanju_web\.so is missing beside .*: run `make build`/);
    fs.renameSync(`${part}.away`, part);
  });
  it('for a wrong argument', async () => {
    for (const args of [['--nonsense'], ['more'], ['--workers', 'x'], ['--listen']]) {
      const service = await launch(folder, { home, args });
      assert.equal((await service.ended).status, 64);
      assert.match(service.err, /usage: anju serve/);
    }
  });
});

describe('started by root on the home of another', { skip: process.getuid() !== 0 || !canBeReachedByAll() }, () => {
  it('the service becomes that user', async () => {
    fs.chownSync(home, 65534, 65534);
    fs.chmodSync(folder, 0o755);
    const service = await start(folder, { home });
    for (const { pid } of processesOf(home)) assert.equal(fs.statSync(`/proc/${pid}`).uid, 65534);
    assert.equal(fs.statSync(path.join(home, 'run/nginx.conf')).uid, 65534);
    await stop(service);
  });
});

describe('a home with odd characters in its name', () => {
  it('is served all the same', async () => {
    const odd = path.join(home, "安居 it's #1; {x}");
    fs.mkdirSync(odd);
    const service = await start(folder, { home: odd });
    const seen = echoed(await ask(service.port, 'GET', '/api/echo')).home;
    assert.equal(Buffer.from(seen, 'latin1').toString(), odd);
    await stop(service);
  });
});

describe('the end', () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`comes with ${signal}, also when that was ignored at the start, as in a shell's background`, async () => {
      const wrap = ['sh', '-c', 'trap "" INT TERM HUP; exec "$0" "$@"'];
      const service = await start(folder, { home, wrap });
      const began = Date.now();
      service.child.kill(signal);
      assert.equal((await service.ended).status, 0);
      assert.ok(Date.now() - began < GRACE_MS, 'nothing was waited for');
      await nobodyLeft(1000);
    });
  }

  it('waits for a slow request, but not for ever', async () => {
    const service = await start(folder, { home });
    const short = ask(service.port, 'GET', '/api/io?500');
    const long = ask(service.port, 'GET', '/api/io?20000', { ms: 9000 });
    await sleep(100);
    const began = Date.now();
    await stop(service);
    assert.equal((await short).status, 200);
    assert.ok(Number.isNaN((await long).status));
    assert.ok(Date.now() - began < 15_000, `${Date.now() - began} ms`);
    await nobodyLeft(1000);
  });

  it('comes at once with a second Ctrl-C', async () => {
    const service = await start(folder, { home });
    const socket = await connect(service.port);
    socket.on('error', () => {});
    socket.pause();
    socket.write('GET /api/big?8000000 HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await sleep(100);
    const began = Date.now();
    service.child.kill('SIGINT');
    await sleep(100);
    service.child.kill('SIGINT');
    await service.ended;
    assert.ok(Date.now() - began < GRACE_MS, 'the grace was not waited for');
    socket.destroy();
  });

  it('takes everybody along when the supervisor is killed', async () => {
    const service = await start(folder, { home });
    const before = processesOf(home).length;
    assert.ok(before >= 4, `supervisor, nginx and its workers, worker: ${before}`);
    service.child.kill('SIGKILL');
    await nobodyLeft();
  });

  it('also in the middle of requests; the next start on the same port succeeds', async () => {
    const service = await start(folder, { home });
    for (let i = 0; i < 5; i++) ask(service.port, 'GET', '/api/io?800').catch(() => {});
    await sleep(50);
    service.child.kill('SIGKILL');
    await service.ended;
    const again = await start(folder, { home, env: { ANJU_LISTEN: `127.0.0.1:${service.port}` } });
    assert.equal(again.port, service.port);
    await stop(again);
  });

  it('comes with the end of the parent when that was asked for', async () => {
    const parent = spawn('sh', ['-c', `${folder}/anju serve --end-with-parent & wait`], {
      cwd: '/', stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, ANJU_HOME: home, ANJU_LISTEN: '127.0.0.1:0' },
    });
    let out = '';
    parent.stdout.on('data', (data) => { out += data; });
    await until('the start', () => out.includes('answers at'));
    parent.kill('SIGKILL');
    await nobodyLeft();
  });

  it('comes when the terminal goes away, while SIGHUP alone is a reload', async () => {
    // A pseudo-terminal by util-linux's script(1); killing it closes the window.
    const terminal = spawn('script', ['-qfec', `${folder}/anju serve`, '/dev/null'], {
      cwd: '/', stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, ANJU_HOME: home, ANJU_LISTEN: '127.0.0.1:0' },
    });
    let out = '';
    terminal.stdout.on('data', (data) => { out += data; });
    await until('the start', () => out.includes('answers at'));
    terminal.kill('SIGKILL');
    await nobodyLeft();
  });
});

describe('a child that dies', () => {
  it('is replaced: a worker of nginx by its master', async () => {
    const service = await start(folder, { home, args: ['--workers', '1'] });
    const old = await workerPid(service);
    await ask(service.port, 'GET', '/api/die').catch(() => {});
    const fresh = await until('a new worker', () => workerPid(service).catch(() => 0));
    assert.notEqual(fresh, old);
    await stop(service);
  });

  it('is replaced: nginx as a whole, with no worker of the old one left', async () => {
    const service = await start(folder, { home });
    const oldWorker = await workerPid(service);
    const old = nginxPid();
    process.kill(old, 'SIGKILL');
    await until('a new master', () => { try { return nginxPid() !== old; } catch { return false; } });
    const fresh = await until('an answer', () => workerPid(service).catch(() => 0));
    assert.notEqual(fresh, oldWorker);
    assert.ok(!isAlive(oldWorker));
    assert.match(service.err, /"event":"child-died","child":"nginx","how":"signal 9"/);
    assert.equal((await stop(service)).status, 0);
  });

  it('ends the service when it dies again and again', async () => {
    const service = await launch(folder, { home, env: { TOY_WORKER: 'die' } });
    const { status } = await service.ended;
    assert.notEqual(status, 0);
    assert.match(service.err, /anju: worker died \d+ times within a minute/);
    await nobodyLeft(1000);
  });

  it('ends the start when handlers refuse to', async () => {
    fs.writeFileSync(path.join(home, 'refuse'), '');
    const service = await launch(folder, { home });
    const { status } = await service.ended;
    assert.notEqual(status, 0);
    assert.match(service.err, /the service did not start: .*error\.log says why/);
    assert.match(fs.readFileSync(path.join(home, 'log/error.log'), 'utf8'), /toy did not start/);
  });
});

describe('SIGHUP', () => {
  it('replaces the workers under load; no request on a fresh connection is lost', async () => {
    const service = await start(folder, { home });
    const first = await workerPid(service);
    let running = true;
    const statuses = {};
    const load = Array.from({ length: 4 }, async (_, i) => {
      while (running) {
        const { status } = await ask(service.port, 'GET', i % 2 ? '/api/io?5' : '/api/echo');
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    });
    const reloads = () => (service.err.match(/"event":"reloaded"/g) ?? []).length;
    for (let i = 1; i <= 3; i++) {
      await sleep(150);
      service.child.kill('SIGHUP');
      await until('its line', () => reloads() === i); // two signals at once would be one
    }
    await until('some answers', () => statuses[200] > 100, 30_000);
    running = false;
    await Promise.all(load);
    assert.deepEqual(Object.keys(statuses), ['200'], JSON.stringify(statuses));
    await until('the end of the first worker', () => !isAlive(first));
    assert.equal(reloads(), 3);
    await stop(service);
  });
});

describe('SIGUSR2', () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const says = (service, event) => (service.err.match(new RegExp(`"event":"${event}"`, 'g')) ?? []).length;
  const exe = (pid) => fs.statSync(`/proc/${pid}/exe`).ino;

  // One request on a connection that stays open from one to the next, as a browser's does.
  const askAgain = (service, where) => new Promise((resolve) => {
    http.get({ agent, port: service.port, path: where, headers: { host: 'localhost' } }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode)).on('error', (error) => resolve(error.code));
    }).on('error', (error) => resolve(error.code));
  });

  // Puts another file in the program's place, as a package does: written beside it and renamed.
  function install(write) {
    const program = path.join(folder, 'anju');
    write(`${program}.new`);
    fs.chmodSync(`${program}.new`, 0o755);
    fs.renameSync(`${program}.new`, program);
  }

  it('hands the listening socket to the program that lies in its place, under load', async (t) => {
    const service = await start(folder, { home });
    const original = fs.readFileSync(path.join(folder, 'anju'));
    const statuses = { fresh: {}, kept: {} };
    let running = true;
    const count = (kind, status) => { statuses[kind][status] = (statuses[kind][status] ?? 0) + 1; };
    const load = Array.from({ length: 4 }, async (_, i) => {
      const where = i % 2 ? '/api/io?5' : '/api/echo';
      while (running) {
        if (i < 2) count('fresh', (await ask(service.port, 'GET', where)).status);
        else count('kept', await askAgain(service, where));
      }
    });
    const before = { nginx: nginxPid(), worker: await workerPid(service), program: exe(service.child.pid) };
    try {
      install((file) => fs.writeFileSync(file, original));
      service.child.kill('SIGUSR2');
      await until('the new program', () => says(service, 'restarted') === 1, 30_000);
      await until('the end of the old nginx', () => !isAlive(before.nginx), 30_000);
      assert.notEqual(exe(service.child.pid), before.program);
      await until('its number', () => nginxPid() !== before.nginx && nginxPid() !== 0 && isAlive(nginxPid()));
      assert.notEqual(await workerPid(service), before.worker);
      const { operations } = addresses(home);
      assert.equal((await fetch(`${operations}/healthz`)).status, 200);

      // A program that does not start, and handlers that do not: what runs goes on.
      const now = nginxPid();
      install((file) => fs.writeFileSync(file, '#!/bin/sh\necho "anju: the store is newer" >&2\nexit 78\n'));
      service.child.kill('SIGUSR2');
      await until('the first refusal', () => says(service, 'restart-refused') === 1, 30_000);
      assert.match(service.err, /anju: the store is newer\n/);
      install((file) => fs.writeFileSync(file, original));
      fs.writeFileSync(path.join(home, 'refuse'), '');
      service.child.kill('SIGUSR2');
      await until('the second refusal', () => says(service, 'restart-refused') === 2, 30_000);
      fs.rmSync(path.join(home, 'refuse'));
      assert.equal(nginxPid(), now);
      assert.ok(isAlive(now));
      service.child.kill('SIGUSR2');
      await until('one more restart', () => says(service, 'restarted') === 2 && !isAlive(now), 30_000);
      await until('some answers', () => statuses.fresh[200] + statuses.kept[200] > 4500, 60_000);
    } finally {
      running = false;
      await Promise.all(load);
      agent.destroy();
      install((file) => fs.writeFileSync(file, original));
    }
    assert.deepEqual(Object.keys(statuses.fresh), ['200'], JSON.stringify(statuses));
    // A request that crosses the end of its idle connection fails, once for each connection and restart; a
    // browser sends it again by itself.
    const { 200: kept, ...failed } = statuses.kept;
    const lost = Object.values(failed).reduce((sum, n) => sum + n, 0);
    assert.ok(lost <= 4 && lost * 1000 <= statuses.fresh[200] + kept, JSON.stringify(statuses));
    t.diagnostic(`${lost} of ${statuses.fresh[200] + kept + lost} requests were not answered`);
    const end = await stop(service);
    assert.equal(end.status, 0, service.err);
    assert.equal(says(service, 'child-died'), 0, service.err);
    await nobodyLeft();
  });
});
