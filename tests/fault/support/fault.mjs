// What the fault tests share: homes, programs that run to their end within a time, and what the
// database holds, read behind the program's back.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';

import { anju, engine, makeHome as wholeHome, root, startService } from '../../api/support/service.mjs';
import { isAlive, processesOf, sleep, until } from '../../host/host.mjs';

export { anju, engine, isAlive, processesOf, root, sleep, until };

export const UNTIL = '2026-11-23';
export const isRoot = process.getuid() === 0;

// Random moments that can be had again: the number is printed with each failure.
export const seed = Number(process.env.ANJU_TEST_SEED ?? Date.now() % 1_000_000);
let state = seed;
export function random() {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) / 0x1000000;
}

const folders = [];
process.on('exit', () => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

// A temporary folder that goes with this process.
export function temporary(name) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `anju-fault-${name}-`));
  folders.push(folder);
  return folder;
}

// --- programs ------------------------------------------------------------------------------------

// Starts the program; `ended` resolves with how it ended and what it said.
export function begin(args, { env, program = anju, cwd, input } = {}) {
  const began = performance.now();
  const child = spawn(program, args, { env, cwd, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  if (input !== undefined) child.stdin.on('error', () => {}).end(input);
  const job = { child, out: '', err: '' };
  child.stdout.on('data', (data) => { job.out += data; });
  child.stderr.on('data', (data) => { job.err += data; });
  job.ended = new Promise((resolve) => {
    child.on('close', (status, signal) => {
      resolve({ status, signal, out: job.out, err: job.err, ms: performance.now() - began });
    });
  });
  return job;
}

// Runs it to its end, which must come within the time.
export async function command(args, { ms = 60_000, ...options } = {}) {
  const job = begin(args, options);
  const late = setTimeout(() => {
    job.late = true;
    job.child.kill('SIGKILL');
  }, ms);
  const end = await job.ended;
  clearTimeout(late);
  if (job.late) throw new Error(`anju ${args.join(' ')}: no end within ${ms} ms\n${end.out}\n${end.err}`);
  return end;
}

// The same, which must succeed.
export async function succeed(args, options) {
  const end = await command(args, options);
  if (end.status !== 0) throw new Error(`anju ${args.join(' ')}: ${end.status ?? end.signal}\n${end.out}\n${end.err}`);
  return end;
}

// --- homes ---------------------------------------------------------------------------------------

// What is broken here may stay broken: no second program is asked about it at the end.
export async function makeHome() {
  const place = await wholeHome();
  return { ...place, remove: () => place.remove({ damaged: true }) };
}

// A demo home that has keys, stores and no city yet.
export async function emptyDemoHome() {
  const place = await makeHome();
  await succeed(['verify'], place);
  fs.renameSync(`${place.home}-keys`, path.join(place.home, 'keys'));
  fs.writeFileSync(path.join(place.home, 'anju.yaml'), `demo: true\nclock_start: ${UNTIL}\n`);
  return place;
}

export async function demoHome({ people = 120, seed: city = 7 } = {}) {
  const place = await makeHome();
  await succeed(['demo-home', '--people', String(people), '--seed', String(city), '--until', UNTIL], place);
  return place;
}

export async function writeCity(folder, ...options) {
  await succeed(['demo', folder, '--until', UNTIL, '--seed', '7', ...options.map(String)], { env: process.env });
  return folder;
}

// The service of api tests, for homes of here, and how long it took to answer.
export async function start(home, options = {}) {
  const began = performance.now();
  const service = await startService({ home, ...options });
  service.startMs = performance.now() - began;
  service.gone = new Promise((resolve) => service.child.on('exit', resolve));
  return service;
}

// The processes of a service by what they are: serve, master and workers of nginx, worker, standin.
export function cast(home) {
  const found = { serve: [], master: [], nginx: [], worker: [], standin: [] };
  for (const { pid } of processesOf(home)) {
    let line;
    try { line = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' '); } catch { continue; }
    if (/nginx: master/.test(line)) found.master.push(pid);
    else if (/nginx: worker/.test(line)) found.nginx.push(pid);
    else if (/anju serve/.test(line)) found.serve.push(pid);
    else if (/anju worker/.test(line)) found.worker.push(pid);
    else if (/anju-standin/.test(line)) found.standin.push(pid);
  }
  return found;
}

// Ends everything that still runs on this home: for the case that a test failed in between.
export function killAll(home) {
  for (const { pid } of processesOf(home)) {
    try { process.kill(pid, 'SIGKILL'); } catch { /* it ended meanwhile */ }
  }
}

export const nobodyLeft = (home, ms = 10_000) => until('the end of everybody', () => processesOf(home).length === 0, ms);

// --- what the database holds ---------------------------------------------------------------------

// Rows of a SELECT, each an object; other statements give none. Names of tables carry their store's, as in sql/queries.
export async function rows(place, sql) {
  if (place.env.ANJU_DATABASE) {
    const client = new pg.Client({ connectionString: place.env.ANJU_DATABASE });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
  const attach = ['ledger', 'desk'].map((name) => `ATTACH '${place.home}/${name}.db' AS ${name};`).join('');
  const text = execFileSync('sqlite3', ['-json', '-cmd', '.timeout 5000', ':memory:', `${attach}${sql}`], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return text.trim() ? JSON.parse(text) : [];
}

const ledgerTables = [
  'batch', 'batch_file', 'unit', 'account', 'holder', 'terms', 'entry', 'application', 'application_step',
  'loan_contract', 'loan', 'loan_entry', 'loan_rate',
];

// How many rows each table of the ledger has.
export async function tally(place) {
  const counts = ledgerTables.map((table) => `(SELECT count(*) FROM ledger.${table}) AS ${table}`).join(', ');
  const [row] = await rows(place, `SELECT ${counts}`);
  return Object.fromEntries(Object.entries(row).map(([table, count]) => [table, Number(count)]));
}

// One value for all that a set put into the ledger: the chains' heads say everything about entries.
export async function fingerprint(place) {
  const hash = createHash('sha256');
  const hex = place.env.ANJU_DATABASE ? (column) => `encode(${column}, 'hex')` : (column) => `lower(hex(${column}))`;
  for (const sql of [
    `SELECT account, balance, product, head_seq, ${hex('head_hash')} AS head FROM ledger.account ORDER BY account`,
    `SELECT account, loan, balance, head_seq, ${hex('head_hash')} AS head FROM ledger.loan ORDER BY account, loan`,
    'SELECT batch, set_id, as_of, whole FROM ledger.batch ORDER BY batch',
  ]) {
    for (const row of await rows(place, sql)) hash.update(Object.values(row).map(String).join('|') + '\n');
  }
  hash.update(JSON.stringify(await tally(place)));
  return hash.digest('hex');
}

// anju verify finds nothing.
export async function verifies(place) {
  const end = await command(['verify'], { ...place, ms: 120_000 });
  if (end.status !== 0) throw new Error(`anju verify: ${end.status}\n${end.out}\n${end.err}`);
  return end.out;
}

// Exactly one line, which says what, where and what to do; nothing on standard output.
export function oneLine(end, pattern) {
  if (end.out !== '' || !/^[^\n]+\n$/.test(end.err) || !pattern.test(end.err)) {
    throw new Error(`not one line like ${pattern}:\nstatus ${end.status ?? end.signal}\nout: ${end.out}\nerr: ${end.err}`);
  }
}

// --- people --------------------------------------------------------------------------------------

// Makes so many ordinary holders of the city members; answers what signIn() wants to know of each.
export async function registerMembers(place, truth, count) {
  const password = 'a password for tests';
  const people = truth.filter((t) => !t.demo && t.state === 1 && t.phone && t.balance !== '0.00').slice(0, count);
  for (const { id_number: id, phone } of people) {
    await succeed(['register', '--id', id, '--phone', phone], { ...place, input: `${password}\n` });
  }
  return people.map((t) => ({ ...t, password }));
}
