import { parseOptions, UsageError } from '../command-line/command';
import { stopOnSignal } from '../command-line/operation';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { stackName } from '../../lib/stack-name';
import { replayFailures } from './replay';
import { StreamDeployment } from './stream-deployment';

const help = `Sends the records in Failures to their functions again, those of a key in order.

  npm run ops -- stream-processor replay [options]

  --dry-run         lists what is in Failures and changes nothing
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them; read from CloudFormation by default

Readings that are in their window, and changes that a newer version has overtaken, change nothing a second time. An object is
deleted once all of its records are processed. Safe to run at any time, and again after an interruption.
Endpoint, region and credentials come from the environment. Exit code: 0 nothing left, 1 something is, 2 wrong usage.`;

export interface ReplayOptions {
  readonly stack: string;
  readonly outputs: string | undefined;
  readonly dryRun: boolean;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): ReplayOptions | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const stack = stackName('StreamProcessor', stageOf(values.stage));
  return { stack, outputs: values.outputs, dryRun: values['dry-run'] };
}

/** Returns the exit code. */
export async function runReplay(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { stack, dryRun } = options;
  const outputs = await outputsOf(stack, options.outputs);
  return replay(
    new StreamDeployment((name) => requiredOutput(outputs, stack, name)),
    dryRun,
    console,
    stopOnSignal('stops after the current batch'),
  );
}

/** Replays the failures of a deployment and reports what became of them; returns the exit code. */
export async function replay(
  deployment: StreamDeployment,
  dryRun: boolean,
  { log, error: complain }: Pick<Console, 'log' | 'error'>,
  signal?: AbortSignal,
): Promise<number> {
  const { batches, unreadable } = await deployment.failures();
  const records = batches.reduce((sum, batch) => sum + batch.records.length, 0);
  log(`${records} records in ${batches.length} objects`);
  for (const key of unreadable) complain(`${key} is no failed batch: look at it by hand`);
  if (dryRun) {
    for (const [condition, some] of Map.groupBy(batches, (batch) => batch.condition)) {
      log(`  ${condition}: ${some.reduce((sum, batch) => sum + batch.records.length, 0)}`);
    }
    return records + unreadable.length === 0 ? 0 : 1;
  }
  const { processed, overtaken, left, failed } = await replayFailures({
    batches,
    invoke: (functionArn, events) => deployment.invoke(functionArn, events),
    currentVersion: (accountId) => deployment.currentVersion(accountId),
    remove: (key) => deployment.remove(key),
    ...(signal === undefined ? {} : { signal }),
  });
  log(`${processed} processed, ${overtaken} of them overtaken by a newer version in the view; ${left} objects left`);
  for (const { sequenceNumber, error } of failed) complain(`  ${sequenceNumber}: ${error}`);
  return left + unreadable.length === 0 ? 0 : 1;
}
