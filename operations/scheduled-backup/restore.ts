import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError, parseOptions } from '../command-line/command';
import { isDay } from '../../lambda/scheduled-backup/day';
import type { BackupRequest, RestoreRequest } from '../../lambda/scheduled-backup/requests';
import { restoreReportSchema } from '../../lambda/scheduled-backup/restore-report';
import { stackName } from '../../lib/stack-name';
import { findBackup } from './find-backup';
import { runExecution, type ExecutionEnd } from './run-execution';
import { stopOnSignal } from '../command-line/operation';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';

const help = `Restores a day's backup of scheduled-backup. Each object is checked before and after it is copied.

  npm run ops -- scheduled-backup restore --day <day> [options]

  --day <day>        the day, such as 2026-11-20
  --prefix <prefix>  only keys that begin with it
  --target <bucket>  the source bucket, or one of the stack's restoreTargets (default: the source bucket)
  --dry-run          checks the backup, reports what would be restored, and writes nothing
  --overwrite        replaces objects that differ from the backup; otherwise they are kept
  --verify           verifies the day's backup instead, and restores nothing
  --stage <stage>    sandbox or prod (default sandbox)
  --outputs <file>   stack outputs, as cdk deploy --outputs-file writes them; without it they are looked up

Ctrl-C stops the restore. Starting it again continues, since objects that are identical already are left alone. Endpoint, region
and credentials come from the environment. Exit code: 0 all restored, 1 stopped or incomplete, 2 wrong usage.`;

export interface Options {
  readonly request: RestoreRequest;
  readonly verify: boolean;
  readonly stage: 'sandbox' | 'prod';
  readonly outputs?: string;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const { day, stage, prefix = '', target, outputs, verify, overwrite } = values;
  if (day === undefined || !isDay(day)) {
    throw new UsageError(
      `--day ${day === undefined ? 'is missing' : `'${day}' is not a day`}: use one such as 2026-11-20`,
    );
  }
  if (verify && (overwrite || values['dry-run'] || prefix !== '' || target !== undefined)) {
    throw new UsageError('--verify verifies a whole day: omit --prefix, --target, --dry-run and --overwrite');
  }
  return {
    request: {
      day,
      prefix,
      dryRun: values['dry-run'],
      overwrite,
      ...(target === undefined ? {} : { targetBucket: target }),
    },
    verify,
    stage: stageOf(stage),
    ...(outputs === undefined ? {} : { outputs }),
  };
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      day: { type: 'string' },
      prefix: { type: 'string' },
      target: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      overwrite: { type: 'boolean', default: false },
      verify: { type: 'boolean', default: false },
      ...stackOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

/** Input of the execution. A verification names the day itself: a time would be of another day once the time zone has changed. */
export function inputOf({ request, verify }: Options): BackupRequest | RestoreRequest {
  return verify ? { day: request.day, verifyOnly: true } : request;
}

/** Describes an ended execution, and whether it succeeded. */
export function describeEnd(
  { status, output = '{}', error, cause = '' }: ExecutionEnd,
  verify: boolean,
): { text: string; succeeded: boolean } {
  if (status !== 'SUCCEEDED')
    return { text: `${status}${error === undefined ? '' : ` (${error})`}: ${reasonIn(cause)}`, succeeded: false };
  if (verify) return { text: 'verified: every copy matches its source', succeeded: true };
  const { restored, identical, kept, bytes, dryRun, targetBucket, backupStatus } = restoreReportSchema.parse(
    JSON.parse(output),
  );
  const verb = dryRun ? 'would be restored' : 'restored';
  const note =
    backupStatus === 'complete' ? '' : '\nthe backup itself is incomplete: its summary lists what is missing';
  return {
    text: `${restored} ${verb} to ${targetBucket} (${bytes} bytes), ${identical} identical already, ${kept} kept as they are${note}`,
    succeeded: true,
  };
}

/** Returns the message of a cause: a function's error is JSON with its message in it, every other cause is a text. */
function reasonIn(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause === '' ? 'look at the execution in the Step Functions console' : cause;
  }
}

/** Returns the exit code. */
export async function restore(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { request, verify, stage } = options;
  const stack = stackName('ScheduledBackup', stage);
  const outputs = await outputsOf(stack, options.outputs);
  const backup = await findBackup(new S3Client({}), requiredOutput(outputs, stack, 'BackupBucketName'), request.day);
  const { counts, status, finishedAt } = backup;
  console.log(
    `backup of ${request.day}: ${status}, ${counts.copied} objects, ${counts.bytes} bytes, finished ${finishedAt}`,
  );
  const machine = verify ? 'BackupStateMachineArn' : 'RestoreStateMachineArn';
  const end = await runExecution({
    client: new SFNClient({}),
    stateMachineArn: requiredOutput(outputs, stack, machine),
    input: inputOf(options),
    onProgress: ({ done, failed, total }) =>
      console.log(`  ${done} of ${total} parts${failed === 0 ? '' : `, ${failed} failed`}`),
    sleep,
    signal: stopOnSignal('stopping the execution'),
  });
  const { text, succeeded } = describeEnd(end, verify);
  if (succeeded) console.log(text);
  else console.error(text);
  return succeeded ? 0 : 1;
}
