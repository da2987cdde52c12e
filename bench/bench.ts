import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const names = readdirSync(__dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'bench.ts')
  .map((file) => file.replace(/\.ts$/, ''));

const help = `Measures against named peers, and prints ratios.

  npm run bench [-- name …]

  name    ${names.join(', ')}; without one: all
  --help  this text

bench/README.md has the figures of one machine. Exit code: 0 measured, 1 failed, 2 wrong usage.`;

function main(): number {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`no bench '${unknown.join(', ')}': use one of ${names.join(', ')}`);
    return 2;
  }
  // A process each, so that one does not measure the garbage of another.
  const failed = (positionals.length > 0 ? positionals : names).filter((name) => {
    console.log(`== ${name}`);
    const bench = join(__dirname, `${name}.ts`);
    return spawnSync(process.execPath, ['--import', 'tsx', bench], { stdio: 'inherit' }).status !== 0;
  });
  return failed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  // parseArgs names the option that it does not know.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
