import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Loads a scenario, changes a module that it imports, loads it again, and prints both titles. */
const script = `
const { writeFileSync } = require('node:fs');
const { reloadScenarios } = require(process.argv[1]);
const titles = ['first', 'second'].map((title) => {
  writeFileSync('scenarios/photos/title.ts', 'export const title: string = ' + JSON.stringify(title));
  return reloadScenarios(process.cwd(), ['photos'])[0].smokeTest.title;
});
console.log(titles.join(' '));
`;

test('scenarios are reloaded with the modules that they import', () => {
  // Not in this process: Jest has a module registry of its own.
  const root = join(__dirname, '../../../..');
  const folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
  mkdirSync(join(folder, 'scenarios', 'photos'), { recursive: true });
  writeFileSync(
    join(folder, 'scenarios', 'photos.ts'),
    `import { title } from './photos/title';
export default { slug: 'photos', smokeTest: { name: 'smoke-test', title }, proofs: [] };`,
  );
  const module = join(root, 'tools/local/watch/reload-scenarios.ts');
  const options = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs'), '-e', script, module];
  const { stdout, stderr } = spawnSync(process.execPath, options, { cwd: folder, encoding: 'utf8' });
  expect([stdout.trim(), stderr]).toEqual(['first second', '']);
});
