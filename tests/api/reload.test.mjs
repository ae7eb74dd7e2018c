// A changed policy holds from SIGHUP on; one that is wrong leaves the service as it was.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { makeHome, root, send, startService } from './support/service.mjs';

let s, policy;
before(async () => {
  const home = await makeHome();
  const assets = path.join(path.dirname(home.home), 'assets');
  policy = path.join(assets, 'policy/kunming.yaml');
  mkdirSync(path.dirname(policy), { recursive: true });
  for (const name of ['kunming', 'demo-offices']) writeFileSync(path.join(assets, `policy/${name}.yaml`), readFileSync(path.join(root, `policy/${name}.yaml`)));
  s = await startService({ home, people: 60, env: { ANJU_ASSETS: assets } });
});
after(() => s?.stop());

const hotline = async () => (await send(s, 'GET', '/api/v1/centre')).json.hotline;

// nginx's processes that answer, by their master's number.
function workersOf(home) {
  const master = readFileSync(path.join(home, 'run/nginx.pid'), 'utf8').trim();
  return readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

async function until(what, wanted, ms = 10_000) {
  for (const deadline = Date.now() + ms; ; ) {
    if ((await what()) === wanted) return;
    if (Date.now() > deadline) assert.equal(await what(), wanted);
    await new Promise((r) => setTimeout(r, 50));
  }
}

test('a rule changed in the file holds after SIGHUP, and not before', async () => {
  assert.equal(await hotline(), '12329');
  const text = readFileSync(policy, 'utf8');
  assert.match(text, /12329/);
  writeFileSync(policy, text.replaceAll('12329', '12399'));
  assert.equal(await hotline(), '12329');
  s.child.kill('SIGHUP');
  await until(hotline, '12399');
});

test('a file that is still being edited is no policy yet, not even of a process that starts meanwhile', async () => {
  const good = readFileSync(policy, 'utf8');
  const offices = path.join(path.dirname(policy), 'demo-offices.yaml');
  const goodOffices = readFileSync(offices, 'utf8');
  writeFileSync(policy, `${good}\nnonsense: [\n`);
  writeFileSync(offices, `${goodOffices}\nnonsense: [\n`);
  const listed = (await send(s, 'GET', '/api/v1/offices')).text;
  const before_ = workersOf(s.home);
  for (const pid of before_) process.kill(pid, 'SIGKILL'); // nginx starts others in their place
  await until(async () => {
    const now = workersOf(s.home);
    return now.length > 0 && !now.some((pid) => before_.includes(pid));
  }, true);
  for (let i = 0; i < 20; i++) assert.equal(await hotline(), '12399');
  assert.equal((await send(s, 'GET', '/api/v1/offices')).text, listed);
  writeFileSync(policy, good);
  s.child.kill('SIGHUP'); // the offices are still half edited: all stays as it was
  await until(async () => /demo-offices\.yaml/.test(s.said()), true);
  assert.equal((await send(s, 'GET', '/api/v1/offices')).text, listed);
  writeFileSync(offices, goodOffices);
});

test('a policy that cannot be read is said, and the one before goes on', async () => {
  writeFileSync(policy, readFileSync(policy, 'utf8').replaceAll('12399', '12300') + '\nnonsense: [\n');
  s.child.kill('SIGHUP');
  await until(async () => /kunming\.yaml/.test(s.said()), true);
  for (let i = 0; i < 20; i++) {
    assert.equal(await hotline(), '12399');
    await new Promise((r) => setTimeout(r, 50));
  }
});
