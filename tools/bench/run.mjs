// make bench: all servers at once on one core, the load on the other, round and round; a figure is the
// median of what the rounds gave. docs/benchmarks.md says what each one means.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { ask, family, quartiles, resident } from './load.mjs';
import { build, city, root, sessions, startAnju, startFastify, startNginx, stopAll } from './servers.mjs';

const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
const ROUNDS = number('BENCH_ROUNDS', 8);
const SECONDS = number('BENCH_SECONDS', 2);
const SMALL = { people: number('BENCH_PEOPLE', 100_000), sessions: number('BENCH_SESSIONS', 50_000) };
const LARGE = { people: number('BENCH_PEOPLE_LARGE', 1_000_000), sessions: number('BENCH_SESSIONS_LARGE', 200_000), years: 2 };
const PG_PEOPLE = number('BENCH_PEOPLE_PG', 10_000);
const SAMPLE = 200;
const IDLE_CONNECTIONS = 4000; // of one worker's 8192; the figure is for 10,000
const OVERVIEW = '/api/v1/me/overview';
const PAGE = [OVERVIEW, '/api/v1/me/messages?limit=1']; // what the first page asks for, the number at the bell included

const bench = path.join(build, 'bench');
const results = {};
const table = [];
const began = Date.now();
const say = (words) => process.stderr.write(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${words}\n`);
const round = (value, digits = 3) => Number(value.toFixed(digits));

// A ratio of every round: its median under `key`, the quartiles beside it in the table.
function ratio(key, what, values, want) {
  const [low, middle, high] = quartiles(values);
  results[key] = round(middle);
  results[`${key}_quartiles`] = `${low.toFixed(3)} ${high.toFixed(3)}`;
  table.push([what, middle.toFixed(3), `${low.toFixed(3)} – ${high.toFixed(3)}`, want === undefined ? '' : `≥ ${want}`]);
}

function figure(key, what, value, unit = '') {
  results[key] = round(value);
  table.push([what, `${round(value)}${unit && ` ${unit}`}`, '', '']);
}

const schema = createHash('sha256');
for (const file of readdirSync(path.join(root, 'sql/migrations')).sort()) schema.update(readFileSync(path.join(root, 'sql/migrations', file)));
const mark = schema.digest('hex').slice(0, 8);
const folderOf = (name, { people, years = 0 }) => path.join(bench, `${name}-${people}-${years}-1-${mark}`);

const yuan = (fen) => `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;

// Asks for a sample one by one and holds each answer against the rows of the database. Returns the
// mean length of all answers and of the paths asked for.
async function compare(server, home, list, paths = [OVERVIEW]) {
  const db = new Database(':memory:');
  db.exec(`ATTACH '${home}/ledger.db' AS ledger; PRAGMA query_only = ON`);
  const account = db.prepare('SELECT balance, carried, this_year, frozen FROM ledger.account WHERE account = ?');
  const entries = db.prepare('SELECT seq, amount, balance, flow FROM ledger.entry WHERE account = ? ORDER BY seq DESC LIMIT 7');
  let bytes = 0;
  for (let i = 0; i < SAMPLE; i++) {
    const one = list[Math.floor((i * list.length) / SAMPLE)];
    for (const where of paths) {
      const answer = await fetch(server.base + where, { headers: { cookie: `__Host-anju=${one.token}` } });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${server.name} ${where}: ${answer.status} ${text}`);
      bytes += Buffer.byteLength(text);
      if (where !== OVERVIEW) continue;
      const said = JSON.parse(text);
      const row = account.get(one.account);
      const stands = [one.account, yuan(row.balance), yuan(row.carried), yuan(row.this_year), yuan(row.frozen),
        ...entries.all(one.account).flatMap((e) => [e.seq, yuan(e.amount), yuan(e.balance), e.flow])];
      const shown = [said.account.number, said.balance.principal, said.balance.carried, said.balance.this_year, said.balance.frozen,
        ...said.recent.flatMap((e) => [e.seq, e.amount, e.balance, e.flow])];
      if (JSON.stringify(stands) !== JSON.stringify(shown)) throw new Error(`${server.name} shows ${shown}, stored is ${stands}`);
    }
  }
  db.close();
  return Math.round(bytes / SAMPLE);
}

// Every session of the list once, so that the rounds that follow find all looks on record.
async function warm(server, tokens, count, paths = [OVERVIEW]) {
  for (const one of paths) {
    for (let asked = 0; asked < count;) asked += (await ask(server, { paths: [one], tokens, first: asked + 1, count: count - asked, seconds: 5 })).requests;
  }
}

// Every look must stand in the record: of those that join an earlier one there would be fewer.
function looksOnRecord(home) {
  const db = new Database(path.join(home, 'desk.db'), { readonly: true });
  const { n } = db.prepare('SELECT count(*) AS n FROM look').get();
  db.close();
  return n;
}

async function readPath() {
  const small = { folder: folderOf('city', SMALL), ...SMALL };
  const large = { folder: folderOf('city', LARGE), ...LARGE };
  Object.assign(small, city(small.folder, small, say));
  Object.assign(large, city(large.folder, large, say));
  const anju = await startAnju('anju, city', small.home);
  const anju1m = await startAnju('anju, large city', large.home);
  say('writing sessions');
  const here = sessions(small.folder, small.home, small.sessions);
  const there = sessions(large.folder, large.home, large.sessions);
  // The first in line go into the samples: their looks are on record before the rounds.
  const size = await compare(anju, small.home, here.list);
  const page = await compare(anju, small.home, here.list, PAGE);
  const size1m = await compare(anju1m, large.home, there.list);
  // The script that every visit begins with, as browsers get it: compressed.
  const hall = path.join(build, 'web/hall');
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(readFileSync(path.join(hall, 'index.html'), 'utf8'))[1];
  const nginx = await startNginx(path.join(bench, 'nginx'), {
    'small.json': size, 'large.json': size1m, 'page.json': Math.round(page / PAGE.length), 'script.js': readFileSync(path.join(hall, `${script}.gz`)),
  });
  const fastify = await startFastify(small.home, here.file);
  await compare(fastify, small.home, here.list);
  Object.assign(results, { overview_rounds: ROUNDS, overview_accounts_100k: small.people, overview_accounts_1m: large.people,
    overview_bytes_100k: size, overview_bytes_1m: size1m });

  say(`first looks: ${ROUNDS} rounds, each with sessions of its own`);
  const slice = Math.floor(small.sessions / ROUNDS);
  const first = [];
  for (let i = 0; i < ROUNDS; i++) {
    const file = await ask(nginx, { paths: ['/small.json'], seconds: SECONDS });
    const before = looksOnRecord(small.home);
    const look = await ask(anju, { paths: [OVERVIEW], tokens: here.file, first: i * slice + 1, count: slice, once: true, seconds: SECONDS });
    const recorded = looksOnRecord(small.home) - before;
    if (recorded < look.requests * 0.95) throw new Error(`${look.requests} first looks, but only ${recorded} lines of them`);
    first.push(look.rate / file.rate);
  }
  ratio('first_look_vs_nginx_100k', 'first look of a session, of nginx', first, 0.10);
  say('looking once with every session');
  await warm(anju, here.file, small.sessions, PAGE);
  await warm(anju1m, there.file, large.sessions);

  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) {
    rounds.push({
      nginx: await ask(nginx, { paths: ['/small.json'], seconds: SECONDS }),
      anju: await ask(anju, { paths: [OVERVIEW], tokens: here.file, seconds: SECONDS }),
      fastify: await ask(fastify, { paths: [OVERVIEW], tokens: here.file, seconds: SECONDS }),
      nginx1m: await ask(nginx, { paths: ['/large.json'], seconds: SECONDS }),
      anju1m: await ask(anju1m, { paths: [OVERVIEW], tokens: there.file, seconds: SECONDS }),
      pageFile: await ask(nginx, { paths: ['/page.json'], seconds: SECONDS }),
      page: await ask(anju, { paths: PAGE, tokens: here.file, seconds: SECONDS }),
      file: await ask(nginx, { paths: ['/script.js'], seconds: SECONDS }),
      hall: await ask(anju, { paths: [script], seconds: SECONDS }),
    });
    const { nginx: n, anju: a, fastify: f } = rounds.at(-1);
    say(`round ${i + 1} of ${ROUNDS}: nginx ${Math.round(n.rate)}/s ${n.us.toFixed(1)} µs, anju ${Math.round(a.rate)}/s ${a.us.toFixed(1)} µs, fastify ${Math.round(f.rate)}/s ${f.us.toFixed(0)} µs`);
  }
  const each = (one, other, of = 'rate') => rounds.map((r) => (of === 'rate' ? r[one].rate / r[other].rate : r[other].us / r[one].us));
  ratio('overview_vs_nginx_100k', 'overview, of nginx', each('anju', 'nginx'), 0.35);
  ratio('overview_vs_nginx_100k_cpu', 'the same by processor time', each('anju', 'nginx', 'us'));
  ratio('overview_vs_nginx_1m', 'overview in the large city, of nginx', each('anju1m', 'nginx1m'), 0.26);
  ratio('overview_1m_vs_100k', 'large city, of the city', each('anju1m', 'anju'), 0.75);
  ratio('overview_vs_fastify_100k', 'overview, times Fastify', each('anju', 'fastify'), 4);
  ratio('overview_page_vs_nginx_100k', 'overview and the bell, of nginx', each('page', 'pageFile'));
  ratio('static_vs_nginx', "the hall's files, of nginx", each('hall', 'file'));
  for (const [key, name] of [['anju', 'overview'], ['anju1m', 'overview, large city'], ['nginx', 'nginx'], ['fastify', 'Fastify']]) {
    figure(`${key}_us_per_request`, `${name}: processor time a request`, quartiles(rounds.map((r) => r[key].us))[1], 'µs');
  }
  await latency(anju, here, quartiles(rounds.map((r) => r.anju.rate))[1]);
  await idle(anju);
  await stopAll();
}

// Half of the peak rate, while people sign in (unknown names: the same argon2 work) and one file is
// downloaded again and again.
async function latency(anju, here, peak) {
  say('half of the peak rate beside sign-ins and a download');
  let going = true;
  let signIns = 0;
  const origin = { 'content-type': 'application/json', origin: anju.base };
  const others = [
    (async () => {
      while (going) {
        const login = `5301991990010${String(Math.floor(Math.random() * 1e5)).padStart(5, '0')}`;
        const answer = await fetch(`${anju.base}/api/v1/sign-in`, { method: 'POST', headers: origin, body: JSON.stringify({ login, password: 'nobody knows it' }) });
        await answer.text();
        if (answer.status === 429) break; // this machine's network has tried often enough
        signIns++;
      }
    })(),
    (async () => {
      while (going) await (await fetch(`${anju.base}/api/v1/me/statement?kind=ledger`, { headers: { cookie: `__Host-anju=${here.list[0].token}` } })).text();
    })(),
  ];
  const delay = Math.max(1, Math.round((1000 * 64) / (peak / 2)));
  const { p50, p99, rate } = await ask(anju, { paths: [OVERVIEW], tokens: here.file, delay, seconds: 10 });
  going = false;
  await Promise.all(others);
  figure('half_peak_rate', 'asked for meanwhile, a second', rate);
  figure('half_peak_p50_ms', 'p50 at half of the peak', p50, 'ms');
  figure('half_peak_p99_ms', 'p99 at half of the peak', p99, 'ms');
  figure('half_peak_sign_ins', 'argon2 runs beside it', signIns);
}

async function idle(anju) {
  say(`${IDLE_CONNECTIONS} idle connections`);
  const pids = family(anju.pid);
  const before = resident(pids);
  const { port } = new URL(anju.base);
  const sockets = [];
  for (let i = 0; i < IDLE_CONNECTIONS; i++) {
    await new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), '127.0.0.1', resolve);
      socket.on('error', reject);
      sockets.push(socket);
    });
  }
  const more = resident(pids) - before;
  for (const socket of sockets) socket.destroy();
  figure('idle_mib_per_10000', 'memory of 10,000 idle connections', (more / 1024) * (10_000 / IDLE_CONNECTIONS), 'MiB');
}

// SQLite and PostgreSQL over its Unix socket, the same city.
async function engines() {
  const url = process.env.ANJU_TEST_PG_URL;
  if (!url) return say('no PostgreSQL: postgres_vs_sqlite is left out');
  const people = { people: PG_PEOPLE };
  const count = Math.floor(PG_PEOPLE / 4);
  const sqlite = { folder: folderOf('city', people) };
  const postgres = { folder: path.join(bench, 'postgres'), env: { ANJU_DATABASE: url } };
  execFileSync('rm', ['-rf', postgres.folder]);
  const servers = [];
  for (const one of [sqlite, postgres]) {
    Object.assign(one, city(one.folder, { ...people, env: one.env }, say));
    one.server = await startAnju(`anju, ${one.env ? 'PostgreSQL' : 'SQLite'}`, one.home, one.env);
    one.sessions = sessions(one.folder, one.home, count, one.env);
    await warm(one.server, one.sessions.file, count);
    servers.push(one);
  }
  const values = [];
  for (let i = 0; i < ROUNDS; i++) {
    const [s, p] = [await ask(sqlite.server, { paths: [OVERVIEW], tokens: sqlite.sessions.file, seconds: SECONDS }),
      await ask(postgres.server, { paths: [OVERVIEW], tokens: postgres.sessions.file, seconds: SECONDS })];
    values.push(p.rate / s.rate);
  }
  ratio('postgres_vs_sqlite', 'PostgreSQL over the Unix socket, of SQLite', values);
  await stopAll();
}

// A shell script that prints KEY=VALUE; the keys that are wanted.
async function script(file, args, keys) {
  say(`tools/bench/${file} ${args.join(' ')}`);
  const child = spawn('bash', [path.join(import.meta.dirname, file), ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (d) => (said += d));
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`${file} ended with ${status}`);
  for (const [key, [name, what, want]] of Object.entries(keys)) {
    const values = [...said.matchAll(new RegExp(`^${key}=([\\d.]+)$`, 'gm'))].map((m) => Number(m[1]));
    if (values.length > 1) ratio(name, what, values, want);
    else figure(name, what, values[0]);
  }
}

// Both programs that derive everything again, on the small city with a signed root.
function verify() {
  const { home } = city(folderOf('city', SMALL), SMALL, say);
  const env = { ...process.env, ANJU_HOME: home };
  execFileSync(path.join(build, 'anju'), ['root', 'make'], { env, stdio: 'ignore' });
  for (const [key, words, program, args] of [['verify', 'anju verify', 'anju', ['verify', '--json']], ['audit', 'anju-audit', 'anju-audit', ['--json']]]) {
    say(words);
    const before = performance.now();
    const { stdout } = spawnSync(path.join(build, program), args, { env, encoding: 'utf8', maxBuffer: 1 << 26 });
    const { accounts } = JSON.parse(stdout);
    figure(`${key}_accounts_per_s`, `${words}: accounts a second`, accounts / ((performance.now() - before) / 1000));
  }
}

function print() {
  const widths = [0, 1, 2].map((i) => Math.max(...table.map((row) => row[i].length)));
  for (const row of table) console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd());
}

const parts = {
  read: readPath,
  engines,
  import: () => script('import.sh', [SMALL.people, 3], {
    import_vs_sqlite_shell: ['import_vs_sqlite_shell', "import, of the shell's .import", 0.7], peak_mib: ['import_peak_mib', 'memory of the import, MiB'] }),
  post: () => script('post.sh', [SMALL.people], { post_vs_sql: ['post_vs_sql', 'a month of all units, of the same rows by SQL'] }),
  verify,
  settle: () => script('settle.sh', [SMALL.people], { settle_vs_sql: ['settle_vs_sql', 'settlement, of the same rows by SQL'] }),
};
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
mkdirSync(bench, { recursive: true });
try {
  for (const name of wanted) {
    if (!parts[name]) throw new Error(`there is no part ${name} (there are: ${Object.keys(parts).join(' ')})`);
    await parts[name]();
  }
} finally {
  await stopAll();
}
results.bench_seconds = Math.round((Date.now() - began) / 1000);
writeFileSync(path.join(build, 'bench.json'), `${JSON.stringify(results, null, 2)}\n`);
print();
say(`written to ${path.relative(process.cwd(), path.join(build, 'bench.json'))}`);
