const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Gives a test run a folder of its own for all that tests and CDK would leave in the system's. */
module.exports = () => {
  globalThis.temporaryFolderBefore = process.env.TMPDIR;
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'tests-'));
};
