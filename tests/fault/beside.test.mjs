// What must not matter: the time zone of the machine, and another service beside this one.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { cast, demoHome, killAll, nobodyLeft, start, UNTIL } from './support/fault.mjs';
import { send, signIn } from '../api/support/service.mjs';

const places = [];
before(async () => {
  places.push(await demoHome({ people: 60 }), await demoHome({ people: 60, seed: 8 }));
});
after(async () => {
  for (const place of places) {
    killAll(place.home);
    await place.remove();
  }
});

// An answer without the moments in it, whose zone is looked at here.
function timeless(value) {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) {
    assert.match(value, /\+08:00$/);
    return 'a moment';
  }
  if (Array.isArray(value)) return value.map(timeless);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, timeless(v)]));
  return value;
}

test('the machine\'s time zone changes no day and no figure', async () => {
  let expected;
  let holders; // signed in once: their sessions outlive the service
  // From twelve hours behind to fourteen ahead of UTC: somewhere among them another day has begun.
  for (const TZ of ['UTC', 'Pacific/Midway', 'Pacific/Kiritimati', 'Asia/Shanghai', 'UTC-11', 'UTC+12', 'America/New_York']) {
    const service = await start(places[0], { home: places[0], env: { TZ } });
    const seen = { today: (await send(service, 'GET', '/api/v1/centre')).json.today };
    assert.equal(seen.today, UNTIL, TZ);
    holders ??= await Promise.all(service.demo.slice(0, 3).map((depositor) => signIn(service, depositor)));
    for (const [i, me] of holders.entries()) {
      for (const part of ['overview', 'contributions', 'entries']) {
        const answer = await send({ ...me, base: service.base }, 'GET', `/api/v1/me/${part}`);
        assert.equal(answer.status, 200);
        seen[`${part} ${i}`] = timeless(answer.json);
      }
    }
    await service.stop({ remove: false });
    expected ??= seen;
    assert.deepEqual(seen, expected, TZ);
  }
});

test('two homes are served side by side, each with its own people and sessions', async () => {
  const services = await Promise.all(places.map((place) => start(place, { home: place })));
  const ports = services.flatMap((service) => Object.values(service.addresses).map((address) => new URL(address).port));
  assert.equal(new Set(ports).size, ports.length, `each has its own ports: ${ports}`);
  const holders = await Promise.all(services.map((service) => signIn(service, service.demo[2])));
  const overviews = await Promise.all(holders.map((me) => send(me, 'GET', '/api/v1/me/overview')));
  overviews.forEach(({ status, json }, i) => {
    assert.equal(status, 200);
    assert.equal(json.account.number, services[i].demo[2].account);
  });
  assert.notDeepEqual(overviews[0].json, overviews[1].json);
  // A session of one is nothing to the other.
  for (const [i, me] of holders.entries()) {
    const other = { ...me, base: services[1 - i].base };
    assert.equal((await send(other, 'GET', '/api/v1/me/overview')).status, 401);
  }
  await services[0].stop({ remove: false });
  await nobodyLeft(places[0].home);
  for (const [kind, pids] of Object.entries(cast(places[1].home))) assert.ok(pids.length > 0, kind);
  assert.equal((await send(holders[1], 'GET', '/api/v1/me/overview')).status, 200);
  await services[1].stop({ remove: false });
  await nobodyLeft(places[1].home);
});
