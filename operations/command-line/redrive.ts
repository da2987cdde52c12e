import { stackName } from '../../lib/stack-name';
import { UsageError, parseOptions } from './command';
import { stopOnSignal, withExplanation, type Operation } from './operation';
import type { RedriveCommand, RedriveOptions } from './redrive-command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from './stack-outputs';

/** Operation that sends an architecture's failed messages or events back to be processed again. */
export function redriveOperation(command: RedriveCommand): Operation {
  return {
    summary: 'sends failed messages or events back to be processed again',
    run: (args) =>
      withExplanation(
        () => redrive(command, args),
        (reason) => `redrive stopped, no message is lost: ${reason} (check AWS_REGION, AWS_PROFILE and the network)`,
      ),
  };
}

/**
 * Effect of a dry run on the queue: SQS has no way to read a message without receiving it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export const dryRunEffect = `A dry run hides messages while it lasts, so that the alarm on visible messages may end and rise again, and adds one to their
receive counts. These queues move no message for its receives, and its retention goes on as before.`;

function helpOf({ slug, reasons, maximumPerSecond = 100 }: RedriveCommand): string {
  const selecting =
    reasons === undefined
      ? ''
      : `
  --older-than <t>  sends only messages that are older than t: 90s, 15m, 2h, 3d
  --reason <name>   sends only messages that failed for this reason: ${reasons.join(', ')}`;
  return `Sends failed messages or events of ${slug} back to be processed again.

  npm run ops -- ${slug} redrive [options]

  --dry-run         shows what would be sent; receives each message once, and sends and deletes none
  --max <n>         sends at most n
  --per-second <n>  sends at most n a second (default 20, at most ${maximumPerSecond})${selecting}
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

${dryRunEffect}
A message is deleted only after its target has accepted it; Ctrl-C stops the command without loss. Endpoint, region and
credentials come from the environment. Exit code: 0 done, 1 stopped or failed, 2 wrong usage.`;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(
  { slug, reasons, maximumPerSecond = 100 }: RedriveCommand,
  args: readonly string[],
): RedriveOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const { stage, reason } = values;
  for (const name of ['older-than', 'reason'] as const) {
    if (values[name] !== undefined && reasons === undefined) {
      throw new UsageError(`--${name} is not an option of ${slug}: omit it`);
    }
  }
  if (reason !== undefined && reasons?.includes(reason) !== true)
    throw new UsageError(`unknown --reason '${reason}': use one of ${(reasons ?? []).join(', ')}`);
  return {
    dryRun: values['dry-run'],
    maximum: wholeNumber('max', values.max),
    olderThanSeconds: seconds('older-than', values['older-than']),
    reason,
    perSecond: wholeNumber('per-second', values['per-second'], maximumPerSecond),
    stage: stageOf(stage),
    outputs: values.outputs,
  };
}

function wholeNumber(option: string, text: string | undefined, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number;
  const bounds = most < Number.MAX_SAFE_INTEGER ? `from 1 to ${most}` : 'of at least 1';
  throw new UsageError(`--${option} '${text}': use a whole number ${bounds}`);
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function seconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (number === '') throw new UsageError(`--${option} '${text}': use a number and a unit, such as 90s, 15m, 2h or 3d`);
  return Number(number) * (units[unit] ?? 1);
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      max: { type: 'string' },
      'older-than': { type: 'string' },
      reason: { type: 'string' },
      'per-second': { type: 'string' },
      ...stackOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

async function redrive(command: RedriveCommand, args: readonly string[]): Promise<number> {
  const options = readOptions(command, args);
  if (options === 'help') {
    console.log(helpOf(command));
    return 0;
  }
  const stack = stackName(command.stack, options.stage);
  const outputs = await outputsOf(stack, options.outputs);
  console.log(`reading the failures of ${stack}`);
  if (options.dryRun) console.log(dryRunEffect);
  return command.run({
    options,
    output: (name) => requiredOutput(outputs, stack, name),
    optionalOutput: (name) => outputs[name],
    signal: stopOnSignal('stopping after the current messages'),
    say: (line) => console.log(line),
    complain: (line) => console.error(line),
  });
}
