// anju interest check and anju account on a demo home: what was planted wrong is found and nothing
// else; any day's figures are those of the city; the look is on the holder's list.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { makeHome, readDepositors, run } from './support/service.mjs';

let place, truth, demo;
before(async () => {
  place = await makeHome();
  run(['demo-home', '--people', '200', '--seed', '7', '--until', '2026-11-23'], place);
  ({ truth, demo } = readDepositors(place.home));
});
after(() => place?.remove());

const account = (number, day, more = ['--staff', '0317', '--why', 'GT-1']) =>
  run(['account', number, '--as-of', day, '--json', ...more], { env: place.env, status: null });

test('the settlements that were planted wrong are listed, and no others', () => {
  const planted = truth.flatMap((one) => one.planted ?? []).length;
  const end = run(['interest', 'check', '--json'], { env: place.env, status: null });
  assert.equal(end.status, planted > 0 ? 1 : 0, end.stderr);
  const said = JSON.parse(end.stdout);
  assert.equal(said.difference_count, planted);
});

test("this day's figures are the city's", () => {
  for (const one of demo) {
    const end = account(one.account, '2026-11-23');
    assert.equal(end.status, 0, end.stderr);
    assert.ok(end.stdout.includes(one.balance), `${one.account}: ${one.balance}`);
    assert.ok(end.stdout.includes(one.interest_to_date), `${one.account}: ${one.interest_to_date}`);
  }
});

test('without a reason, or for nobody, nothing is shown', () => {
  const end = account(demo[0].account, '2026-11-23', ['--staff', '0317']);
  assert.notEqual(end.status, 0);
  assert.equal(end.stdout, '');
  const nobody = account('999', '2026-11-23');
  assert.notEqual(nobody.status, 0);
  assert.match(nobody.stderr, /^anju[^\n]*\n$/);
});
