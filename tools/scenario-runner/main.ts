import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError, parseOptions } from '../../operations/command-line/command';
import { createColors } from 'picocolors';
import { findDeployed, loadScenario } from './discovery';
import { Progress } from './progress';
import { newSeed } from './random';
import { readDuration } from './duration';
import { reportOf, runScenarios, type ScenariosToRun } from './run-scenarios';
import { runSoak } from './run-soak';
import { soakTable } from './soak-table';
import { remoteFaults } from './remote-faults';
import { repeatLine } from './repeat-line';
import { resultTable } from './result-table';
import { writeReport } from './write-report';
import type { Colors } from 'picocolors/types';

const scenarioFolder = join(__dirname, '..', '..', 'scenarios');

const help = `Runs the scenarios of deployed architectures against their stacks, on an emulator or in a real account.

  npm run scenarios -- --outputs <file> [slug …] [options]

  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them
  slug              architectures, such as image-resize; without one: every stack in the file that has a scenario
  --prove           the proofs (faults, limits, hostile input: minutes) instead of the smoke tests (the main job: seconds)
  --soak <time>     keeps work going for 90s, 10m or 1h in rounds while faults of chance are injected; ends where one fails
  --variant <name>  with --prove: the proofs of a stack that is deployed with a variant's settings, such as fifo; may be
                    repeated, once for each architecture
  --only <check>    only the check of that name; may be repeated
  --seed <n>        repeats the random choices of a run that printed this seed
  --report <file>   writes a JSON report, with a folder of pictures beside it
  --faults <url>    lets checks inject faults; a local run passes it, elsewhere such checks are skipped
  --help            this text

Endpoint, region and credentials come from the environment, as for every AWS SDK. Everything that a scenario makes is
removed again, after a failure and Ctrl-C too. Exit code: 0 none failed, 1 one failed or was stopped, 2 wrong usage.`;

interface Options {
  readonly outputs: string;
  readonly slugs: readonly string[];
  readonly prove: boolean;
  /** As it was written, such as `10m`. */
  readonly soak: string | undefined;
  readonly variants: readonly string[];
  readonly faults: string | undefined;
  readonly only: readonly string[];
  readonly seed: number;
  readonly report: string | undefined;
}

function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (values.outputs === undefined)
    throw new UsageError('--outputs is missing: name the file that cdk deploy --outputs-file wrote');
  if (!existsSync(values.outputs))
    throw new UsageError(`--outputs ${values.outputs}: no such file: deploy with --outputs-file ${values.outputs}`);
  const seed = values.seed === undefined ? newSeed() : Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new UsageError(`--seed ${values.seed ?? ''}: use a whole number of at least 0`);
  const { outputs, prove, soak, variant: variants, only, report, faults } = values;
  if (variants.length > 0 && !prove)
    throw new UsageError(`--variant ${variants.join(' ')}: variants have proofs only: add --prove`);
  if (soak !== undefined) readDuration('--soak', soak);
  return { outputs, slugs: positionals, prove, soak, variants, only, seed, report, faults };
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      outputs: { type: 'string' },
      prove: { type: 'boolean', default: false },
      soak: { type: 'string' },
      variant: { type: 'string', multiple: true, default: [] },
      faults: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string' },
      report: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { outputs, slugs, prove, soak, variants, only, seed } = options;
  const faults = options.faults === undefined ? {} : { faults: remoteFaults(options.faults) };
  const deployed = findDeployed(readFileSync(outputs, 'utf8'), slugs, scenarioFolder);
  const scenarios = await Promise.all(
    deployed.map(async (stack) => ({
      scenario: await loadScenario(scenarioFolder, stack.slug),
      outputs: stack.outputs,
    })),
  );
  const target = process.env['AWS_ENDPOINT_URL'] ?? `AWS, ${process.env['AWS_REGION'] ?? 'the default region'}`;
  const { FORCE_COLOR, NO_COLOR } = process.env;
  // Not picocolors' own choice, which takes the variable CI for a terminal.
  const colors = createColors((process.stdout.isTTY || FORCE_COLOR !== undefined) && NO_COLOR === undefined);
  const progress = new Progress((line) => console.log(line), colors);
  progress.line(`${whatRuns(options)} of ${deployed.map(({ slug }) => slug).join(', ')} on ${target}, seed ${seed}`);
  const choice = { scenarios, prove, variants, only, seed, target, ...faults };
  if (soak !== undefined) return soakThem(options, choice, progress, colors);
  const { report, results } = await runScenarios(choice, progress, stopOnSignal());
  if (options.report !== undefined) writeReport(options.report, report, results);
  console.log(`\n${resultTable(report, colors)}`);
  const failed = report.checks.filter(({ status }) => status === 'failed');
  if (failed.length > 0) console.log(repeatLine({ ...options, isLocal: options.faults !== undefined }, failed));
  return report.failed === 0 ? 0 : 1;
}

async function soakThem(options: Options, choice: ScenariosToRun, progress: Progress, colors: Colors): Promise<number> {
  const { soak = '', seed } = options;
  const startedAt = new Date();
  const { faults } = choice;
  const environment = { seed, progress, stop: stopOnSignal(), ...(faults === undefined ? {} : { faults }) };
  const { rounds, results } = await runSoak({ ...choice, seconds: readDuration('--soak', soak) }, environment);
  const report = reportOf(results, choice, startedAt);
  if (options.report !== undefined) writeReport(options.report, report, results);
  console.log(`\n${soakTable(rounds, colors)}`);
  const broken = rounds.filter(({ check }) => check.status === 'failed');
  for (const { slug, check } of broken) {
    console.log(`${colors.red('✗')} ${slug} · ${check.name}: ${check.error?.message ?? ''}`);
    // A local run offers faults, and is what repeats them.
    const command = faults === undefined ? `npm run scenarios -- --outputs ${options.outputs}` : 'npm run prove --';
    console.log(`again: ${command} ${slug} --soak ${soak} --only ${check.name} --seed ${seed}`);
  }
  return broken.length === 0 ? 0 : 1;
}

function whatRuns({ prove, soak }: Options): string {
  if (soak !== undefined) return `${soak} of rounds`;
  return prove ? 'proofs' : 'smoke tests';
}

/** The first signal ends the checks and lets them clean up, the second ends the process. */
function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(1);
    console.error(`\n${signal}: cleaning up; once more ends at once and leaves things behind`);
    controller.abort(new Error(`stopped by ${signal}`));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

main(process.argv.slice(2)).then(
  // Sockets and functions that a stopped check left open must not hold the process.
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof UsageError ? error.message : error);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
