// What is measured: Anju on a city's home, nginx with files, Fastify with better-sqlite3.

import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { SERVER_CORE } from './load.mjs';

export const root = path.resolve(import.meta.dirname, '../..');
export const build = process.env.ANJU_BUILD ?? path.join(root, 'build');
export const anju = path.join(build, 'anju');
const PATIENCE_MS = 60_000;
const running = [];

export function freePort() {
  return new Promise((resolve, reject) => {
    const s = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
    s.on('error', reject);
  });
}

async function answers(base) {
  for (const deadline = Date.now() + PATIENCE_MS; ;) {
    if (await fetch(base).then((r) => r.status < 500, () => false)) return;
    if (Date.now() > deadline) throw new Error(`${base} does not answer`);
    await new Promise((r) => setTimeout(r, 50));
  }
}

async function start(name, base, command, env) {
  const child = spawn('taskset', ['-c', SERVER_CORE, ...command], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (d) => (said = (said + d).slice(-4000)));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const server = { name, base, pid: child.pid, said: () => said, stop: () => (child.kill('SIGTERM'), ended) };
  running.push(server);
  await Promise.race([answers(base), ended.then(() => { throw new Error(`${name} ended: ${said}`); })]);
  return server;
}

export async function stopAll() {
  await Promise.all(running.splice(0).map((server) => server.stop()));
}

export async function startAnju(name, home, env = {}) {
  const port = await freePort();
  return start(name, `http://127.0.0.1:${port}`, [anju, 'serve', '--workers', '1'],
    { ANJU_HOME: home, ANJU_LISTEN: `127.0.0.1:${port}`, ANJU_ASSETS: root, ...env });
}

// One worker, no access log, sendfile, open files kept, connections kept without end.
export async function startNginx(folder, sizes) {
  const port = await freePort();
  const www = path.join(folder, 'www');
  mkdirSync(www, { recursive: true });
  for (const [name, bytes] of Object.entries(sizes)) writeFileSync(path.join(www, name), typeof bytes === 'number' ? 'x'.repeat(bytes) : bytes);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((t) => `  ${t}_temp_path ${folder}/${t};\n`).join('');
  writeFileSync(path.join(folder, 'nginx.conf'), `${process.getuid() === 0 ? 'user root;\n' : ''}worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100 inactive=600s;
  open_file_cache_valid 600s;
  keepalive_requests 1000000000;
  types { text/javascript js; text/css css; text/html html; application/json json; }
${temporary}  server { listen 127.0.0.1:${port} backlog=1024; root ${www}; }
}
`);
  return start('nginx', `http://127.0.0.1:${port}`, [path.join(build, 'nginx-pkg/usr/sbin/nginx'), '-e', `${folder}/error.log`, '-c', path.join(folder, 'nginx.conf')]);
}

export async function startFastify(home, tokens) {
  const port = await freePort();
  const env = { BENCH_HOME: home, BENCH_TOKENS: tokens, BENCH_PORT: String(port), NODE_ENV: 'production' };
  return start('fastify', `http://127.0.0.1:${port}`, [process.execPath, path.join(import.meta.dirname, 'fastify.mjs')], env);
}

// The desk as it was after the import: sessions and looks of an earlier bench would be found again.
function freshDesk(folder, home) {
  const kept = path.join(folder, 'desk.db');
  const desk = path.join(home, 'desk.db');
  if (!existsSync(desk)) return; // on PostgreSQL, which is new each time
  if (!existsSync(kept)) return copyFileSync(desk, kept);
  for (const rest of ['-wal', '-shm']) rmSync(desk + rest, { force: true });
  copyFileSync(kept, desk);
}

/** A city's home, made once and kept while size, seed, years and schema are the same. */
export function city(folder, { people, years, seed = 1, until = '2026-11-23', env = {} }, say) {
  const home = path.join(folder, 'home');
  const made = path.join(folder, 'made.json');
  if (existsSync(made)) {
    freshDesk(folder, home);
    return { home, ...JSON.parse(readFileSync(made, 'utf8')) };
  }
  execFileSync('rm', ['-rf', folder]);
  mkdirSync(folder, { recursive: true });
  const set = path.join(folder, 'set');
  const run = (args) => execFileSync(anju, args, { env: { ...process.env, ANJU_HOME: home, ANJU_ASSETS: root, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  say(`making a city of ${people.toLocaleString('en')} people`);
  run(['demo', set, '--people', String(people), '--seed', String(seed), '--until', until, ...(years ? ['--years', String(years)] : [])]);
  say(`importing it`);
  const began = Date.now();
  run(['import', set]);
  const facts = { people, import_seconds: (Date.now() - began) / 1000 };
  execFileSync('rm', ['-rf', set]);
  freshDesk(folder, home);
  writeFileSync(made, JSON.stringify(facts));
  return { home, ...facts };
}

/** COUNT sessions spread over the city; the file of their cookies. */
export function sessions(folder, home, count, env = {}) {
  const file = path.join(folder, 'sessions.txt');
  const text = execFileSync(path.join(build, 'anju-bench-sessions'), [String(count)],
    { env: { ...process.env, ANJU_HOME: home, ANJU_ASSETS: root, ...env }, encoding: 'utf8', maxBuffer: 1 << 28 });
  writeFileSync(file, text, { mode: 0o600 });
  return { file, list: text.trim().split('\n').map((line) => { const [token, account, person] = line.split(' '); return { token, account, person }; }) };
}
