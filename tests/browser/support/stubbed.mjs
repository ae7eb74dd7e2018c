// A browser and a stub of the service for the whole of a test file: open from its first test to its last.

import { after, before } from 'node:test';
import { openBrowser } from './hall.mjs';
import { startStub } from './stub.mjs';

export let stub;
export let browser;
before(async () => {
  [stub, browser] = await Promise.all([startStub(), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await stub?.stop();
});
