const { rmSync } = require('node:fs');

/** Leaves the environment as it was, too: `jest --watch` begins again in the same process. */
module.exports = () => {
  rmSync(process.env.TMPDIR, { recursive: true, force: true });
  if (globalThis.temporaryFolderBefore === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = globalThis.temporaryFolderBefore;
};
