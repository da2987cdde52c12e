import { join } from 'node:path';
import { architectures } from '../../lib/architectures';
import { UsageError } from '../../operations/command-line/command';
import { loadScenario } from '../scenario-runner/discovery';
import { Display } from '../scenario-runner/display';
import { Progress } from '../scenario-runner/progress';
import { Checkout, CheckoutTakenError, stopCheckout, takeCheckout } from './checkout';
import { ChildProcesses } from './child-processes';
import { checkOnly, help, readOptions, type RunOptions } from './command-line';
import { checkWatch } from './deployment-passes';
import { reportRun } from './report-run';
import { emptyResult, type Run, type RunResult } from './run';
import { newRunRecord } from './run-record';
import { workspaceOf, type Workspace } from './workspace';
import { describeWriteError } from './write-error';

const exitCodes = { passed: 0, failed: 1, wrongUsage: 2 } as const;
const nodeMajor = '24';

/** Thrown into the run by SIGINT, SIGTERM and SIGHUP. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

async function main(args: readonly string[]): Promise<number> {
  const workspace = workspaceOf(join(__dirname, '..', '..'));
  const options = readOptions(args, architectures);
  switch (options.command) {
    case 'help':
      console.log(help);
      return exitCodes.passed;
    case 'stop':
      console.log(await stopCheckout(workspace));
      return exitCodes.passed;
    case 'run':
      return runOptions(options, workspace);
  }
}

async function runOptions(options: RunOptions, workspace: Workspace): Promise<number> {
  if (process.versions.node.split('.')[0] !== nodeMajor) {
    throw new UsageError(
      `functions run on Node ${nodeMajor}, this is ${process.version}: start with npm run local, which has its own Node`,
    );
  }
  const startedAt = Date.now();
  const chosen = architectures.filter(({ slug }) => options.slugs.length === 0 || options.slugs.includes(slug));
  const scenarios = await Promise.all(chosen.map(({ slug }) => loadScenario(join(workspace.root, 'scenarios'), slug)));
  checkOnly(options, scenarios);
  checkWatch(chosen, scenarios, options);
  // Half a second: wrong usage is answered without it.
  const { runLocally } = await import('./local-run.js');
  const record = newRunRecord(new Date(startedAt));
  const ended = await takeCheckout(workspace, record);
  const checkout = new Checkout(workspace, record);
  const children = new ChildProcesses(record.id, (alive) => checkout.update({ children: [...alive] }));
  const interrupted = interruption(checkout);
  const progress = new Progress(new Display(process.stdout));
  if (ended.length > 0) progress.line(`ended processes of an earlier run: ${ended.join(', ')}`);

  const run = {
    workspace,
    checkout,
    children,
    progress,
    options,
    architectures: chosen,
    scenarios,
    startedAt,
    interrupted,
  };
  const result = emptyResult();
  const outcome = await Promise.race([runLocally(run, result), interrupted]).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  progress.display.close();
  // Nobody wants a stack of a run that was interrupted; one whose checks failed is there to be looked at.
  const keep = options.keep && isDeployed(result) && !(outcome instanceof Interrupted);
  if (keep) checkout.update({ kept: true });
  else await checkout.release(children);
  if (outcome instanceof Interrupted && result.watched !== undefined) {
    console.log('\nstopped watching: the stack is gone, the report of the last run stays');
    return result.watched ? exitCodes.passed : exitCodes.failed;
  }
  reportRun(run, result, outcome);
  if (keep) printConnectionHelp(run);
  return outcome === true ? exitCodes.passed : exitCodes.failed;
}

function isDeployed({ architectures: reported }: RunResult): boolean {
  return reported.some(({ outputs }) => Object.keys(outputs).length > 0);
}

function printConnectionHelp({ workspace, architectures: deployed }: Run): void {
  const ids = deployed.map(({ id }) => id).join(' ');
  console.log(`
The stack stays deployed:
  source .local/env                        sets endpoint, region, keys and certificate
  aws s3 ls                                any AWS CLI or SDK; stack outputs are in .local/outputs.json
  npx cdk diff --app .local/localized ${ids}
  npm run scenarios -- --outputs .local/outputs.json
  tail -f ${workspace.log('emulator')}
  npm run local -- --stop                  ends it`);
}

/** Rejects at the first signal; the second one, and an uncaught error, end everything at once. */
function interruption(checkout: Checkout): Promise<never> {
  process.on('exit', () => checkout.releaseNow());
  process.on('uncaughtException', (error) => {
    console.error(describeWriteError(error, '.local') ?? error);
    process.exit(exitCodes.failed);
  });
  // The reader of a pipe may end before this process.
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
