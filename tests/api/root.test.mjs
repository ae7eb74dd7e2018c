// anju root: a root that openssl's Ed25519 accepts, and a proof that anybody can follow step by step.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { makeHome, readDepositors, run } from './support/service.mjs';

let place, demo, key;
const root = (args, status = 0) => run(['root', ...args], { env: place.env, status });
const STAFF = ['--staff', '0317', '--why', 'T-1'];
before(async () => {
  place = await makeHome();
  run(['demo-home', '--people', '20', '--seed', '7', '--until', '2026-11-23'], place);
  ({ demo } = readDepositors(place.home));
});
after(() => place?.remove());

test('the first root makes the key; once a day', () => {
  assert.match(root(['list']).stdout, /no root yet/);
  assert.match(root(['key'], 78).stderr, /anju root make/);
  const made = JSON.parse(root(['make', '--json']).stdout);
  key = root(['key']).stdout.trim();
  assert.equal(made.signer, key);
  assert.deepEqual(JSON.parse(root(['make', '--json']).stdout), made);
  assert.deepEqual(JSON.parse(root(['list', '--json']).stdout), [made]);
  assert.deepEqual(JSON.parse(root(['show', '2026-11-23', '--json']).stdout), made);
  assert.equal(root(['show', '2026-11-22'], 1).stdout, '');
  // Another program's signature check.
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'hex')]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  assert.ok(verify(null, Buffer.from(made.statement), publicKey, Buffer.from(made.signature, 'hex')));
  const said = JSON.parse(run(['verify', '--json'], place).stdout);
  assert.deepEqual([said.roots, said.signer, said.fault_count], [1, key, 0]);
});

test('a proof leads from the newest entry to the root, and a changed one does not', () => {
  const { account } = demo[0];
  const file = path.join(place.home, 'proof.json');
  const text = root(['proof', account, ...STAFF]).stdout;
  const proof = JSON.parse(text);
  const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const field = (bytes) => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  const seq = Buffer.alloc(8);
  seq.writeBigInt64BE(BigInt(proof.seq));
  let at = sha(Buffer.from([0]), field(Buffer.from(account)), field(seq), field(Buffer.from(proof.hash, 'hex')));
  for (const { side, hash } of proof.path) {
    const other = Buffer.from(hash, 'hex');
    at = side === 'left' ? sha(Buffer.from([1]), other, at) : sha(Buffer.from([1]), at, other);
  }
  assert.ok(proof.root.statement.includes(`root: ${at.toString('hex')}\n`));
  assert.equal(proof.seq, demo[0].entries);

  const check = (content, by = key, status = 1) => {
    writeFileSync(file, content);
    return root(['check', file, '--key', by], status);
  };
  assert.match(check(text, key, 0).stdout, new RegExp(`^Good\\. .*account ${account} was number ${proof.seq}`));
  assert.match(check(JSON.stringify({ ...proof, seq: proof.seq + 1 })).stderr, /does not lead to the root/);
  assert.match(check(text, '0'.repeat(64)).stderr, /another key/);
  const accounts = proof.root.statement.replace(/accounts: \d+/, 'accounts: 1');
  assert.match(check(JSON.stringify({ ...proof, root: { ...proof.root, statement: accounts } })).stderr, /signature does not fit/);
  check(text.slice(0, -20), key, 2);
  check('{}', key, 2);
  check(text, 'zz', 2);
});

test('wrong words are one line', () => {
  for (const [args, status] of [[['proof', demo[0].account], 64], [['proof', '999', ...STAFF], 1], [['check'], 64], [['show', 'today'], 64], [['list', '--limit', '0'], 64], [['burn'], 64]]) {
    const end = root(args, status);
    assert.match(end.stderr, /^anju root: [^\n]+\n$/, args.join(' '));
    assert.equal(end.stdout, '');
  }
  assert.match(root(['--help']).stdout, /^usage: anju root make/);
  assert.equal(readFileSync(path.join(place.home, 'keys/root-1.key')).length, 32);
});
