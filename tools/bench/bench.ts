import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseOptions, runCommand, UsageError } from '../../operations/command-line/command';
import { describeMachine, machineLine } from './measuring/machine';
import { withSection } from './measuring/results-page';
import type { Measured } from './measuring/section';

const root = join(__dirname, '..', '..');

/** Benchmarks in the order in which they run and appear on the page. */
const names = [
  'synth',
  'cold-start',
  'image-resize',
  'queue-processor',
  'scheduled-backup',
  'order-workflow',
  'database-access',
  'etl-pipeline',
  'rest-api',
  'stream-processor',
  'document-renderer',
] as const;

const help = `Compares with named alternatives, and writes the results into tools/bench/results.md.

  npm run bench [-- [--quick] name …]

  name     ${names.join(', ')}; without one: all
  --quick  one short pass to check that everything works; written to .build/bench/quick.md, since its results have no value
  --help   this text

tools/bench/README.md explains the results. Exit code: 0 measured, 1 failed, 2 wrong usage.`;

runCommand(async () => {
  const { values, positionals } = parseOptions({
    options: { help: { type: 'boolean', short: 'h' }, quick: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const unknown = positionals.filter((name) => !names.some((one) => one === name));
  if (unknown.length > 0) throw new UsageError(`no benchmark '${unknown.join(', ')}': use one of ${names.join(', ')}`);
  const page = values.quick ? join(root, '.build', 'bench', 'quick.md') : join(root, 'tools', 'bench', 'results.md');
  const failed: string[] = [];
  for (const name of names.filter((one) => positionals.length === 0 || positionals.includes(one))) {
    if (!(await writeSection(name, page, values.quick))) failed.push(name);
  }
  if (failed.length > 0) console.error(`not measured: ${failed.join(', ')}, see above`);
  console.log(`written: ${relative(process.cwd(), page)}`);
  return failed.length === 0 ? 0 : 1;
}).catch(console.error);

/** Returns false if the benchmark failed; its section then stays as it is. */
async function writeSection(name: string, page: string, quick: boolean): Promise<boolean> {
  const machine = describeMachine(root, new Date());
  process.stderr.write(`== ${name}, load ${machine.load.toFixed(1)}\n`);
  const began = performance.now();
  const measured = await measure(name, quick);
  const seconds = (performance.now() - began) / 1_000;
  process.stderr.write(`   ${measured === undefined ? 'failed after' : 'took'} ${Math.round(seconds)} s\n`);
  if (measured === undefined) return false;
  console.log(`\n${measured.body}\n`);
  const text = `${machineLine(machine, seconds, measured.versions)}\n\n${measured.body}`;
  mkdirSync(dirname(page), { recursive: true });
  const before = existsSync(page) ? readFileSync(page, 'utf8') : undefined;
  writeFileSync(page, withSection(before, names, { name, text }));
  return true;
}

/** Runs each benchmark in a process of its own, so that it does not measure the garbage of another. */
function measure(name: string, quick: boolean): Promise<Measured | undefined> {
  const child = fork(join(__dirname, `${name}.ts`), quick ? ['--quick'] : [], { execArgv: ['--import', 'tsx'] });
  let measured: Measured | undefined;
  child.on('message', (message) => (measured = message as Measured));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0 ? measured : undefined));
  });
}
