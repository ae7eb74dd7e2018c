// Builds a toy library of handlers and a small `anju serve` around it, starts it on a free port in
// a folder of its own, and talks to it over sockets whose every byte a test decides.

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const build = process.env.ANJU_BUILD ?? path.join(root, 'build');
const flags = ['-std=gnu17', '-g', '-O1', '-fPIC', '-Wall', '-Wextra', '-Werror', `-I${root}/src`];
const serveSources = ['address', 'child', 'handover', 'nginx_conf', 'program', 'runtime', 'serve', 'start'];
const baseSources = ['clock', 'date', 'json', 'log', 'money', 'result', 'text', 'zone'];

export { sleep };

function compile(...args) {
  execFileSync('cc', [...flags, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
}

// The adapter under the address sanitizer, with what nginx's configure left in the build folder.
function compileAdapter(out) {
  const nginx = path.join(build, 'nginx-pkg/usr/share/nginx/src/src');
  const folders = ['core', 'event', 'event/modules', 'os/unix', 'http', 'http/modules', 'http/v2'];
  const adapter = path.join(root, 'src/channel/web/nginx');
  execFileSync('cc', [
    '-g', '-O1', '-fPIC', '-shared', '-fsanitize=address', `-I${root}/src`, `-I${build}/nginx`,
    ...folders.map((folder) => `-I${nginx}/${folder}`),
    path.join(adapter, 'adapter_module.c'), path.join(adapter, 'exchange.c'),
    path.join(build, 'nginx/ngx_http_adapter_module_modules.c'), '-o', out,
  ], { stdio: ['ignore', 'inherit', 'inherit'] });
}

// A folder laid out like the build folder, with the toy instead of the service.
export function buildToy({ asan = false } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anju-host-'));
  try {
    fillFolder(folder, asan);
  } catch (error) {
    remove(folder);
    throw error;
  }
  return folder;
}

function fillFolder(folder, asan) {
  const file = (name) => path.join(folder, name);
  const toy = path.join(root, 'tests/host/toy');
  compile(
    '-shared', '-Wl,-Bsymbolic', ...(asan ? ['-fsanitize=address'] : []),
    path.join(toy, 'toy.c'), path.join(root, 'src/channel/web/http.c'), '-o', file('libanju_web.so'),
  );
  compile(
    path.join(toy, 'main.c'),
    ...serveSources.map((name) => path.join(root, `src/serve/${name}.c`)),
    ...baseSources.map((name) => path.join(root, `src/base/${name}.c`)),
    '-o', file('anju'),
  );
  if (asan) compileAdapter(file('ngx_http_adapter_module.so'));
  else fs.copyFileSync(path.join(build, 'ngx_http_adapter_module.so'), file('ngx_http_adapter_module.so'));
  fs.symlinkSync(path.join(build, 'nginx-pkg'), file('nginx-pkg'));
}

// Whether another user could run what lies in the build folder.
export function canBeReachedByAll() {
  for (let folder = build; ; folder = path.dirname(folder)) {
    if (!(fs.statSync(folder).mode & 0o001)) return false;
    if (folder === '/') return true;
  }
}

export function makeHome() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'anju-home-'));
}

export function remove(...folders) {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}

// Starts the program; resolves when it says that it answers, or when it ends.
export async function launch(folder, { home = makeHome(), env = {}, args = [], wrap = [] } = {}) {
  // Should the test itself be killed, the kernel ends the service.
  const command = ['setpriv', '--pdeathsig', 'TERM', ...wrap, path.join(folder, 'anju'), 'serve', ...args];
  const child = spawn(command[0], command.slice(1), {
    cwd: '/',
    env: { PATH: process.env.PATH, ANJU_HOME: home, ANJU_LISTEN: '127.0.0.1:0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const service = { child, home, out: '', err: '' };
  service.ended = new Promise((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal }));
  });
  const ready = new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      service.out += data;
      if (service.out.includes('answers at')) resolve();
    });
  });
  child.stderr.on('data', (data) => { service.err += data; });
  await Promise.race([ready, service.ended]);
  return service;
}

export function addresses(home) {
  return JSON.parse(fs.readFileSync(path.join(home, 'run/addresses.json'), 'utf8'));
}

export async function start(folder, options) {
  const service = await launch(folder, options);
  if (!service.out.includes('answers at')) throw new Error(`did not start: ${service.err}`);
  const found = addresses(service.home);
  service.url = found.public;
  service.port = Number(new URL(found.public).port);
  service.operations = Number(new URL(found.operations).port);
  return service;
}

export async function stop(service) {
  if (service.child.exitCode !== null) return service.ended;
  service.child.kill('SIGTERM');
  return service.ended;
}

// Not a zombie that waits for a parent to notice.
export function isAlive(pid) {
  try {
    return !/\) [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

// After a reload master and old workers take connections for a tenth of a second more, and then by the
// old limits; a worker that has given up listening says so in its title.
export function gaveUp(pid) {
  try {
    return !isAlive(pid) || fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('shutting down');
  } catch {
    return true;
  }
}

// Processes that a start has left running. nginx writes over its command line and environment, but
// its log stays open.
export function processesOf(folder) {
  const found = [];
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const files = fs.readdirSync(`/proc/${pid}/fd`).map((fd) => {
        try { return fs.readlinkSync(`/proc/${pid}/fd/${fd}`); } catch { return ''; }
      });
      const text = fs.readFileSync(`/proc/${pid}/environ`, 'utf8') + files.join('\n');
      if (text.includes(folder) && isAlive(pid)) found.push({ pid: Number(pid) });
    } catch { /* it ended meanwhile */ }
  }
  return found.filter(({ pid }) => pid !== process.pid);
}

export function connect(port, host = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host, () => resolve(socket));
    socket.text = '';
    socket.setEncoding('latin1');
    socket.on('data', (data) => { socket.text += data; });
    socket.on('error', (error) => { socket.failed = error.code; reject(error); });
    socket.gone = new Promise((done) => socket.on('close', done));
  });
}

// Sends bytes as they are and returns everything that came back until the connection was closed.
export async function talk(port, bytes, { ms = 20000 } = {}) {
  const socket = await connect(port);
  socket.write(bytes, 'latin1');
  await Promise.race([socket.gone, sleep(ms, null, { ref: false })]);
  socket.destroy();
  return socket.text;
}

// An answer's status, header fields (a list for each name) and body.
export function parse(text) {
  const end = text.indexOf('\r\n\r\n');
  const [line, ...fields] = text.slice(0, end).split('\r\n');
  const headers = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    (headers[field.slice(0, colon).toLowerCase()] ??= []).push(field.slice(colon + 1).trim());
  }
  return { status: Number(line.split(' ')[1]), headers, body: text.slice(end + 4) };
}

export async function ask(port, method, target, { headers = [], body = '', ...options } = {}) {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers];
  if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return parse(await talk(port, `${lines.join('\r\n')}\r\n\r\n${body}`, options));
}

// The toy's echo: "name=value" lines; header fields as a list of pairs.
export function echoed(answer) {
  const seen = { headers: [] };
  for (const line of answer.body.split('\n')) {
    const at = line.indexOf('=');
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    if (name === 'header') seen.headers.push([value]);
    else if (name === 'value') seen.headers.at(-1).push(value);
    else if (name) seen[name] = value;
  }
  return seen;
}

export function problemOf(answer) {
  const problem = JSON.parse(answer.body);
  return { type: answer.headers['content-type']?.[0], ...answer, problem };
}

/** What the log holds by now: a line comes up to a second after its answer. */
export function logLines(home) {
  return fs.readFileSync(path.join(home, 'log/access.log'), 'utf8').split('\n').filter((line) => line)
    .map((line) => JSON.parse(line));
}

export async function until(what, condition, ms = 15_000) {
  const late = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > late) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(20);
  }
}
