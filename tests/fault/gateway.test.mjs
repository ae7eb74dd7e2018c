// A gateway for messages that hangs: nobody waits with it, the worker goes on, and each code leaves
// exactly once when the gateway is back.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { cast, demoHome, killAll, sleep, start, until } from './support/fault.mjs';
import { messages, send, signIn } from '../api/support/service.mjs';

const ONCE_MS = 4000; // less than one try at the gateway takes: who waits with it is later
const BACK_MS = 90_000; // the pause between tries grows to a minute

let place;
let service;
before(async () => {
  place = await demoHome({ people: 60 });
  service = await start(place, { home: place });
});
after(async () => {
  await service?.stop({ remove: false });
  killAll(place.home);
  await place.remove();
});

async function mode(word) {
  const answer = await fetch(`${service.addresses.sms_gateway}/control`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ mode: word }),
  });
  assert.ok(answer.ok, `${answer.status}`);
}

async function atOnce(who, method, where, body) {
  const began = performance.now();
  const answer = await send(who, method, where, { body });
  const ms = performance.now() - began;
  assert.equal(answer.status, 200, `${where}: ${answer.text}`);
  assert.ok(ms < ONCE_MS, `${method} ${where}: ${ms.toFixed(0)} ms`);
  return answer.json;
}

test('a gateway that hangs: answers at once, and each code exactly once when it is back', { timeout: 180_000 }, async (t) => {
  const [regular, ...others] = service.demo.slice(0, 5);
  const me = await signIn(service, regular);
  const helpers = cast(place.home);
  const had = await Promise.all(others.map(async ({ phone }) => (await messages(service, phone)).length));

  await mode('hang');
  t.after(() => mode('ok'));
  const begun = [];
  for (const { id_number: login, password } of others) {
    begun.push(await atOnce(service, 'POST', '/api/v1/sign-in', { login, password }));
    await atOnce(me, 'GET', '/api/v1/me/overview');
    await atOnce(me, 'GET', '/api/v1/me/looks');
    await sleep(1500); // the worker is at one of the messages meanwhile
  }

  // The worker is not held by it: it takes a reload.
  const reloads = () => service.said().split('"reloaded"').length;
  const earlier = reloads();
  process.kill(helpers.worker[0], 'SIGHUP');
  await until('a reload of the worker', () => reloads() > earlier, 45_000);
  for (const [i, { phone }] of others.entries()) {
    assert.equal((await messages(service, phone)).length, had[i], 'the gateway took none');
  }

  await mode('ok');
  const began = performance.now();
  for (const [i, { phone }] of others.entries()) {
    await until(`the code of ${i + 1}`, async () => (await messages(service, phone)).length > had[i], BACK_MS);
    const [{ text }] = await messages(service, phone);
    const body = { challenge: begun[i].challenge, code: /\b(\d{6})\b/.exec(text)[1] };
    assert.equal((await send(service, 'POST', '/api/v1/sign-in/code', { body })).status, 204);
  }
  t.diagnostic(`all codes were there ${((performance.now() - began) / 1000).toFixed(1)} s after the gateway was back`);

  await sleep(3000);
  for (const [i, { phone }] of others.entries()) {
    assert.equal((await messages(service, phone)).length, had[i] + 1, 'one message each, and no second');
  }
  assert.deepEqual(cast(place.home), helpers, 'nobody died of it');
});
