// The program's own route table and the contract say the same.
import assert from 'node:assert/strict';
import test from 'node:test';
import { contract, resolve } from './support/contract.mjs';
import { run } from './support/service.mjs';

const table = JSON.parse(run(['routes', '--json']).stdout);
const fromContract = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

test('every route of the program is in the contract and the other way round', () => {
  const name = (r) => `${r.method} ${r.path}`;
  assert.deepEqual(table.map(name).sort(), fromContract.map(name).sort());
});

test('who may call a route is what the contract says', () => {
  for (const { path, method, operation } of fromContract) {
    const route = table.find((r) => r.path === path && r.method === method);
    const open = operation.security !== undefined && operation.security.length === 0;
    assert.equal(route.policy === 'public', open, `${method} ${path}`);
    assert.equal(route.policy === 'holder', path.startsWith('/api/v1/me/'), `${method} ${path}`);
  }
});

test('parameters have the same names, ranges and words', () => {
  for (const { path, method, operation } of fromContract) {
    const route = table.find((r) => r.path === path && r.method === method);
    const described = (operation.parameters ?? []).map(resolve);
    assert.deepEqual(route.params.map((p) => p.name).sort(), described.map((p) => p.name).sort(), path);
    for (const p of described) {
      const own = route.params.find((q) => q.name === p.name);
      if (p.schema.enum) {
        assert.deepEqual(own.words, p.schema.enum, `${path} ${p.name}`);
      } else {
        assert.equal(own.least, p.schema.minimum, `${path} ${p.name} minimum`);
        if (p.schema.maximum !== undefined) assert.equal(own.most, p.schema.maximum, `${path} ${p.name} maximum`);
        if (p.schema.default !== undefined) assert.equal(own.otherwise, p.schema.default, `${path} ${p.name} default`);
      }
    }
  }
});
