import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError, parseOptions, runCommand } from '../../operations/command-line/command';
import { findDeployed, loadScenario } from './discovery';
import { Display } from './display';
import { readDuration } from './duration';
import { Progress } from './progress';
import { readSeed } from './random';
import { runChecks, summaryLines } from './run-checks';
import { stopOnSignal } from './stop-on-signal';
import { writeReport } from './write-report';

const scenarioFolder = join(__dirname, '..', '..', 'scenarios');

const help = `Runs the scenarios of deployed architectures against their stacks, in a real account or on an emulator.

  npm run scenarios -- --outputs <file> [slug …] [options]

  --outputs <file>  stack outputs, written by cdk deploy --outputs-file
  slug              architectures, such as image-resize; without one: every stack in the file that has a scenario
  --prove           proofs (limits and hostile input, minutes) instead of smoke tests (main use case, seconds)
  --soak <time>     work in rounds for 90s, 10m or 1h, until one fails
  --variant <name>  with --prove: proofs of a stack that is deployed with a variant's settings, such as fifo; may be
                    repeated, once for each architecture
  --only <check>    only the check of that name; may be repeated
  --seed <n>        repeats the random choices of a run that printed this seed
  --report <file>   writes a JSON report, with a folder of pictures next to it
  --help            this text

Endpoint, region and credentials come from the environment, as for every AWS SDK. A scenario removes everything that it
creates, also after a failure and Ctrl-C. Checks that inject faults are skipped: only a local run can.
Exit code: 0 all passed, 1 a check failed or was stopped, 2 wrong usage.`;

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(help);
    return 0;
  }
  const { outputs, prove, soak, variant: variants, only } = values;
  if (outputs === undefined) {
    throw new UsageError('--outputs is missing: name the file that cdk deploy --outputs-file wrote');
  }
  if (!existsSync(outputs)) {
    throw new UsageError(`--outputs ${outputs}: no such file: deploy with --outputs-file ${outputs}`);
  }
  if (variants.length > 0 && !prove) {
    throw new UsageError(`--variant ${variants.join(' ')}: variants have proofs only: add --prove`);
  }
  if (soak !== undefined) readDuration('--soak', soak);
  const seed = readSeed(values.seed);
  const deployed = findDeployed(readFileSync(outputs, 'utf8'), positionals, scenarioFolder);
  const scenarios = await Promise.all(
    deployed.map(async (stack) => ({
      scenario: await loadScenario(scenarioFolder, stack.slug),
      outputs: stack.outputs,
    })),
  );
  const target = process.env['AWS_ENDPOINT_URL'] ?? `AWS, ${process.env['AWS_REGION'] ?? 'the default region'}`;
  const display = new Display(process.stdout);
  display.line(`${deployed.map(({ slug }) => slug).join(', ')} on ${target}, seed ${seed}`);
  const environment = { seed, progress: new Progress(display), stop: stopOnSignal(), startedAt: Date.now() };
  const result = await runChecks({ scenarios, prove, soak, variants, only, target }, environment);
  display.close();
  if (values.report !== undefined) writeReport(values.report, result.report, result.results);
  const repeat = [`npm run scenarios -- --outputs ${outputs}`, ...(prove ? ['--prove'] : [])];
  const command = [...repeat, ...variants.map((name) => `--variant ${name}`)].join(' ');
  for (const line of summaryLines(result, { repeat: command, soak }, display.colors)) console.log(line);
  return result.report.failed === 0 ? 0 : 1;
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
      only: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string' },
      report: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

// Sockets and functions that a stopped check left open must not keep the process alive.
void runCommand(() => main(process.argv.slice(2))).then(() => process.exit());
