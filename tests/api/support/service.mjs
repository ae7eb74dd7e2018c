// Starts the real service on a home of its own, on the engine that ANJU_TEST_ENGINE names.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { checkAnswer } from './contract.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const anju = path.join(process.env.ANJU_BUILD ?? path.join(root, 'build'), 'anju');
export const engine = process.env.ANJU_TEST_ENGINE ?? 'sqlite';
const START_MS = 60_000;

export function freePort() {
  return new Promise((resolve, reject) => {
    const s = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
    s.on('error', reject);
  });
}

// A home in a temporary folder; on PostgreSQL with a database of its own.
export async function makeHome() {
  const home = path.join(mkdtempSync(path.join(os.tmpdir(), 'anju-api-')), 'home');
  const env = { ...process.env, ANJU_HOME: home };
  delete env.ANJU_DATABASE;
  let database;
  if (engine === 'postgresql') {
    const url = process.env.ANJU_TEST_PG_URL;
    if (!url) throw new Error('ANJU_TEST_PG_URL is not set');
    database = 'anju_' + Math.random().toString(36).slice(2, 12);
    await query(url, `CREATE DATABASE ${database}`);
    env.ANJU_DATABASE = withDatabase(url, database);
  }
  return {
    home,
    env,
    // What a test leaves behind is right in the eyes of the second program, or the test says that it
    // damaged it.
    async remove({ damaged = false } = {}) {
      const wrong = damaged ? [] : differences({ home, env });
      if (database) {
        await query(process.env.ANJU_TEST_PG_URL, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      }
      rmSync(path.dirname(home), { recursive: true, force: true });
      if (wrong.length > 0) throw new Error(`anju-audit: ${JSON.stringify(wrong)}`);
    },
  };
}

// What anju-audit finds in a home that is whole, but for the settlements that its city books wrong on
// purpose.
export function differences({ home, env }) {
  if (!existsSync(path.join(home, 'anju.yaml'))) return [];
  const audit = path.join(path.dirname(anju), 'anju-audit');
  const r = spawnSync(audit, ['--home', home, '--json'], { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (r.status !== 0 && r.status !== 1) return [`status ${r.status ?? r.signal}: ${r.stderr}`];
  const truth = path.join(home, 'truth.jsonl');
  const planted = new Set();
  for (const line of existsSync(truth) ? readFileSync(truth, 'utf8').trim().split('\n') : []) {
    const t = JSON.parse(line);
    for (const p of t.planted ?? []) planted.add(`${t.account} ${p.seq}`);
  }
  return JSON.parse(r.stdout).differences.filter(
    (d) => !(d.imported && d.field === 'interest' && (planted.has(`${d.key} ${d.entry}`) || !existsSync(truth))),
  );
}

function withDatabase(url, database) {
  return url.replace(/^(postgres(?:ql)?:\/\/[^/?]*)\/?[^?]*/, `$1/${database}`);
}

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

// Runs the program to its end; throws with what it said when the status is not the expected one.
export function run(args, { env, input, status = 0 } = {}) {
  const r = spawnSync(anju, args, { env: env ?? process.env, input, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== null && r.status !== status) {
    throw new Error(`anju ${args.join(' ')}: status ${r.status ?? r.signal}\n${r.stdout}\n${r.stderr}`);
  }
  return r;
}

// Six demo depositors and the truth about everybody, of a demo home.
export function readDepositors(home) {
  const truth = readFileSync(path.join(home, 'truth.jsonl'), 'utf8').trim().split('\n').map((l) => JSON.parse(l));
  const text = readFileSync(path.join(home, 'demo-depositors.txt'), 'utf8');
  const demo = truth.filter((t) => t.demo).sort((a, b) => a.demo - b.demo);
  const id = (t) => t.id_number ?? t.id;
  for (const d of demo) {
    const line = text.split('\n').find((l) => l.includes(id(d)));
    if (!line) throw new Error(`demo-depositors.txt lacks depositor ${d.demo}`);
    d.id_number = id(d);
    d.password = /password\s+(\S+)/.exec(line)[1];
  }
  return { truth, demo };
}

export async function startService({ people = 200, seed = 7, until = '2026-11-23', home: given, env: more = {} } = {}) {
  const place = given ?? (await makeHome());
  const env = { ...place.env, ...more };
  if (!existsSync(path.join(place.home, 'demo-depositors.txt'))) {
    run(['demo-home', '--people', String(people), '--seed', String(seed), '--until', until], { env });
  }
  const port = await freePort();
  const child = spawn(anju, ['serve', '--listen', `127.0.0.1:${port}`], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (d) => (said += d));
  child.stderr.on('data', (d) => (said += d));
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  const base = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`anju serve ended: ${said}`);
    if (said.includes('Anju answers at')) break;
    if (Date.now() > deadline) throw new Error(`anju serve does not answer: ${said}`);
    await new Promise((r) => setTimeout(r, 50));
  }
  return {
    base,
    port,
    home: place.home,
    env,
    child,
    addresses: JSON.parse(readFileSync(path.join(place.home, 'run/addresses.json'), 'utf8')),
    ...readDepositors(place.home),
    said: () => said,
    async stop({ remove = true } = {}) {
      child.kill('SIGTERM');
      const how = await ended;
      if (remove) await place.remove();
      return how;
    },
  };
}

// One request, without a browser's help: what is not said is not sent.
export function send({ base, cookie }, method, where, { body, headers = {}, raw } = {}) {
  return new Promise((resolve, reject) => {
    const url = new URL(where, base);
    const all = { ...headers };
    if (cookie) all.cookie = `__Host-anju=${cookie}`;
    if (method !== 'GET' && method !== 'HEAD') {
      for (const [name, value] of [['content-type', 'application/json'], ['origin', base], ['sec-fetch-site', 'same-origin']]) {
        if (!(name in all)) all[name] = value;
      }
    }
    for (const k of Object.keys(all)) if (all[k] === null) delete all[k];
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    if (payload !== undefined) all['content-length'] = Buffer.byteLength(payload);
    const request = http.request(url, { method, headers: all, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (c) => chunks.push(c));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const type = response.headers['content-type'] ?? '';
        const answer = { status: response.statusCode, headers: response.headers, text };
        if (/json/.test(type)) answer.json = JSON.parse(text);
        try {
          if (url.pathname.startsWith('/api/')) checkAnswer(method, url.pathname, answer);
          resolve(answer);
        } catch (e) {
          reject(e);
        }
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
}

// The newest code that the stand-in gateway was given for that phone, sent after `since` messages.
export async function codeFor(service, phone, since = 0) {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const list = await messages(service, phone);
    if (list.length > since) return /\b(\d{6})\b/.exec(list[0].text)[1];
    if (Date.now() > deadline) throw new Error('no code arrived');
    await new Promise((r) => setTimeout(r, 50));
  }
}

// What the stand-in gateway holds for a phone, newest first.
export async function messages(service, phone) {
  const url = `${service.addresses.sms_gateway}/messages?to=${phone}`;
  let r;
  for (const deadline = Date.now() + 10_000; !r; ) {
    r = await fetch(url).catch((e) => {
      if (Date.now() > deadline) throw e; // it is started beside the service and may need a moment
      return new Promise((resolve) => setTimeout(resolve, 50));
    });
  }
  const body = await r.json();
  return Array.isArray(body) ? body : body.messages;
}

// Both steps; answers {base, cookie}.
export async function signIn(service, depositor, { login, headers } = {}) {
  const before = (await messages(service, depositor.phone)).length;
  const first = await send(service, 'POST', '/api/v1/sign-in', {
    body: { login: login ?? depositor.id_number, password: depositor.password },
    headers,
  });
  if (first.status !== 200) throw new Error(`sign-in: ${first.status} ${first.text}`);
  const code = await codeFor(service, depositor.phone, before);
  const second = await send(service, 'POST', '/api/v1/sign-in/code', {
    body: { challenge: first.json.challenge, code },
    headers,
  });
  if (second.status !== 204) throw new Error(`code: ${second.status} ${second.text}`);
  const cookie = /__Host-anju=([^;]+)/.exec(second.headers['set-cookie'][0])[1];
  return { base: service.base, cookie, setCookie: second.headers['set-cookie'][0] };
}
