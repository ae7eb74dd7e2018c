// api/openapi.yaml, and whether an answer is what it says.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const contract = parse(readFileSync(path.join(root, 'api/openapi.yaml'), 'utf8'));

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(contract, 'contract');

export function resolve(node) {
  while (node?.$ref) {
    node = node.$ref.slice(2).split('/').reduce((at, key) => at[key], contract);
  }
  return node;
}

const validators = new Map();
function validator(pointer) {
  if (!validators.has(pointer)) validators.set(pointer, ajv.compile({ $ref: `contract#${pointer}` }));
  return validators.get(pointer);
}

const escape = (s) => encodeURIComponent(s.replaceAll('~', '~0').replaceAll('/', '~1'));

// Throws when an answer of the API is not one that the contract describes.
export function checkAnswer(method, where, answer) {
  const operation = contract.paths[where]?.[method.toLowerCase()];
  if (!operation || answer.status >= 400) {
    const valid = validator('/components/schemas/Problem');
    if (!/^application\/problem\+json/.test(answer.headers['content-type'] ?? '')) {
      throw new Error(`${method} ${where}: ${answer.status} is no problem document: ${answer.text}`);
    }
    if (!valid(answer.json) || answer.json.status !== answer.status) {
      throw new Error(`${method} ${where}: not the contract's problem: ${answer.text} ${ajv.errorsText(valid.errors)}`);
    }
    return;
  }
  const described = operation.responses[String(answer.status)];
  if (!described) throw new Error(`${method} ${where}: the contract has no ${answer.status}`);
  if (!resolve(described).content) {
    if (answer.text !== '') throw new Error(`${method} ${where}: ${answer.status} has a body`);
    return;
  }
  if (resolve(described).content['text/csv']) {
    if (answer.headers['content-type'] !== 'text/csv; charset=utf-8') throw new Error(`${method} ${where}: no file: ${answer.headers['content-type']}`);
    return;
  }
  const valid = validator(
    `/paths/${escape(where)}/${method.toLowerCase()}/responses/${answer.status}/content/${escape('application/json')}/schema`,
  );
  if (!valid(answer.json)) {
    throw new Error(`${method} ${where}: not what the contract says: ${ajv.errorsText(valid.errors)}`);
  }
}
