// Holds answers against api/openapi.yaml.

import { readFile } from 'node:fs/promises';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

/** A function that throws when a value does not follow the named schema. */
export async function checker() {
  const contract = parse(await readFile(new URL('../../../api/openapi.yaml', import.meta.url), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats(ajv);
  ajv.addSchema({ ...contract, $id: 'anju' });
  return (name, value) => {
    const valid = ajv.getSchema(`anju#/components/schemas/${name}`);
    if (!valid(value)) throw new Error(`${name}: ${ajv.errorsText(valid.errors)}`);
  };
}
