import { join } from 'node:path';
import { architectures } from '../../lib/architectures';
import { countsOf } from '../scenario-runner/result-table';
import { Checkout, CheckoutTakenError, stopCheckout, takeCheckout } from './checkout';
import { ChildProcesses } from './child-processes';
import { help, readOptions, type RunOptions } from './command-line';
import { describeWriteError } from './write-error';
import { runLocally } from './local-run';
import { emptyResult, type RunResult } from './run';
import { Progress } from './progress';
import { writeReport } from './report';
import { newRunRecord } from './run-record';
import { workspaceOf, type Workspace } from './workspace';
import { UsageError } from '../../operations/command-line/command';

const exitCodes = { good: 0, failed: 1, wrongUsage: 2 } as const;
const nodeMajor = '24';

/** Thrown into the run by Ctrl-C and its like. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

async function main(args: readonly string[]): Promise<number> {
  const workspace = workspaceOf(join(__dirname, '..', '..'));
  const options = readOptions(
    args,
    architectures.map(({ slug }) => slug),
  );
  switch (options.command) {
    case 'help':
      console.log(help);
      return exitCodes.good;
    case 'stop':
      console.log(await stopCheckout(workspace));
      return exitCodes.good;
    case 'run':
      return run(options, workspace);
  }
}

async function run(options: RunOptions, workspace: Workspace): Promise<number> {
  if (process.versions.node.split('.')[0] !== nodeMajor) {
    throw new UsageError(
      `functions run on Node ${nodeMajor}, this is ${process.version}: start with npm run local, which brings its own`,
    );
  }
  const startedAt = new Date();
  const record = newRunRecord(startedAt);
  const leftovers = await takeCheckout(workspace, record);
  const checkout = new Checkout(workspace, record);
  const children = new ChildProcesses(record.id, (alive) => checkout.update({ children: [...alive] }));
  const interrupted = interruption(checkout);
  const progress = new Progress(process.stdout);
  if (leftovers.length > 0) progress.say(`ended what an earlier run had left behind: ${leftovers.join(', ')}`);

  const result = emptyResult();
  const chosen = architectures.filter(({ slug }) => options.slugs.length === 0 || options.slugs.includes(slug));
  const local = { workspace, checkout, children, progress, options, architectures: chosen };
  let failure: Error | undefined;
  let passed = false;
  try {
    passed = await Promise.race([runLocally(local, result), interrupted]);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  progress.close();

  // A stack whose smoke test failed is what one wants to look at; one that was not wanted any more is not.
  const isUp = options.keep && isDeployed(result) && !(failure instanceof Interrupted);
  if (isUp) checkout.update({ kept: true });
  else await checkout.release(children);
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 100) / 10;
  report(workspace, result, { startedAt, seconds, passed, failure: failure?.message, progress });
  if (isUp) printConnectionHelp(workspace);
  return passed ? exitCodes.good : exitCodes.failed;
}

interface Outcome {
  readonly startedAt: Date;
  readonly seconds: number;
  readonly passed: boolean;
  readonly failure: string | undefined;
  readonly progress: Progress;
}

function report(workspace: Workspace, result: RunResult, outcome: Outcome): void {
  const { startedAt, seconds, passed, failure, progress } = outcome;
  writeReport(workspace, {
    ...result,
    startedAt: startedAt.toISOString(),
    seconds,
    status: passed ? 'passed' : 'failed',
    phases: progress.phases,
    ...(failure === undefined ? {} : { failure }),
  });
  const { colors } = progress;
  if (failure !== undefined) console.error(`\n${colors.red('failed:')} ${failure}`);
  const { scenarios } = result;
  const line = scenarios === undefined ? 'the run ended early' : countsOf(scenarios);
  console.log(`\n${passed ? colors.green(line) : colors.red(line)} in ${seconds} s, all told: ${workspace.reportPage}`);
  if (!passed && isDeployed(result)) {
    console.log(
      `what functions logged: ${workspace.log('emulator')} (search it for "level":"ERROR"); --keep leaves the stack up`,
    );
  }
}

function isDeployed({ architectures }: RunResult): boolean {
  return architectures.some(({ outputs }) => Object.keys(outputs).length > 0);
}

function printConnectionHelp(workspace: Workspace): void {
  console.log(`
the stack is up:
  source .local/env                        endpoint, region, keys and certificate for what follows
  aws s3 ls                                any AWS CLI or SDK; outputs of the stacks are in .local/outputs.json
  npx cdk diff --app .local/localized      any CDK command on what was deployed
  npm run scenarios -- --outputs .local/outputs.json
  tail -f ${workspace.log('emulator')}
  npm run local -- --stop                  ends it`);
}

/** Rejects at the first signal; the second one, and an error that nobody caught, end everything at once. */
function interruption(checkout: Checkout): Promise<never> {
  process.on('exit', () => checkout.releaseNow());
  process.on('uncaughtException', (error) => {
    console.error(describeWriteError(error, '.local') ?? error);
    process.exit(exitCodes.failed);
  });
  // Whoever read our output may have gone before us.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return new Promise((_resolve, reject) => {
    let signals = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        signals += 1;
        if (signals > 1) process.exit(exitCodes.failed);
        reject(new Interrupted(`stopped by ${signal}`));
      });
    }
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isUsage = error instanceof UsageError || error instanceof CheckoutTakenError;
    console.error(isUsage ? error.message : (describeWriteError(error, '.local') ?? error));
    process.exit(isUsage ? exitCodes.wrongUsage : exitCodes.failed);
  },
);
