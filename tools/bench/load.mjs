// The load: wrk on a core of its own, and what the servers' processes spent meanwhile.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const SERVER_CORE = '0';
export const LOAD_CORE = '1';
const CONNECTIONS = 64;
const script = path.join(import.meta.dirname, 'overview.lua');

// A process and all that it started.
export function family(pid) {
  const found = [pid];
  for (const parent of found) {
    try {
      for (const task of readdirSync(`/proc/${parent}/task`)) {
        const children = readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8').trim();
        if (children) found.push(...children.split(' ').map(Number));
      }
    } catch { /* it ended meanwhile */ }
  }
  return found;
}

// Microseconds on a processor so far, of all threads of these processes.
export function spent(pids) {
  let ns = 0;
  for (const pid of pids) {
    try {
      for (const task of readdirSync(`/proc/${pid}/task`)) ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    } catch { /* it ended meanwhile */ }
  }
  return ns / 1000;
}

// Resident memory in KiB.
export function resident(pids) {
  let kib = 0;
  for (const pid of pids) {
    try { kib += Number(/^Rss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]); } catch { /* it ended */ }
  }
  return kib;
}

/**
 * Asks for `seconds`, or until each of `count` sessions had its turn when that is to be `once`: { rate, us, bad, requests, p50, p99 }. Every answer must be 200: another one
 * ends the bench. us: processor time of the server's processes for one request.
 */
export async function ask(server, { paths, tokens = '-', first = 1, count = 1e9, once = false, seconds = 2, delay = 0, connections = CONNECTIONS }) {
  const pids = family(server.pid);
  const before = spent(pids);
  const child = spawn('taskset', ['-c', LOAD_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '15s', '-s', script, server.base, '--',
    tokens, String(first), String(count), String(delay), once ? 'once' : 'again', ...paths], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (d) => (said += d));
  child.stderr.on('data', (d) => (said += d));
  await new Promise((resolve) => child.on('close', resolve));
  const after = spent(pids);
  const line = /^BENCH (\d+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+) (\d+)$/m.exec(said);
  if (!line) throw new Error(`wrk at ${server.name}: ${said}`);
  const [requests, bad, duration, p50, p99, errors] = line.slice(1).map(Number);
  if (bad > 0 || errors > 0) throw new Error(`${server.name}: ${bad} of ${requests} answers were not 200, ${errors} did not come`);
  return { requests, rate: requests / duration, us: (after - before) / requests, p50, p99 };
}

// Lower quartile, median and upper quartile.
export function quartiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q) => {
    const place = (sorted.length - 1) * q;
    const low = Math.floor(place);
    return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (place - low);
  };
  return [at(0.25), at(0.5), at(0.75)];
}
