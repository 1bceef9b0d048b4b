import { stopTestServer } from './test-database.js';

/** Loaded by mocha through `require` in .mocharc.json. */
export const mochaHooks = {
  afterAll: stopTestServer,
};
