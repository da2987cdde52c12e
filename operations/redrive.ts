import { UsageError, parseOptions } from './command-line/command';
import { redriveReasons, type RedriveReason } from '../lambda/queue-processor/redrive-request';
import { stackName } from '../lib/stack-name';
import { redriveImageResize } from './image-resize/redrive-command';
import { redriveQueueProcessor } from './queue-processor/redrive-command';
import type { RedriveCommand, RedriveOptions } from './redrive-command';
import { outputsOf, stackOptions, stageOf } from './stack-outputs';

/** Architectures with a redrive, by slug. */
export const redrivable: Readonly<Record<string, RedriveCommand>> = {
  'image-resize': redriveImageResize,
  'queue-processor': redriveQueueProcessor,
};

const selecting = Object.keys(redrivable).filter((slug) => redrivable[slug]?.selects === true);

const help = `Sends failed messages or events back to be processed again.

  npm run redrive -- <architecture> [options]

  architecture      ${Object.keys(redrivable).join(', ')}
  --dry-run         shows what would be sent, changes nothing
  --max <n>         sends at most n
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

  only for ${selecting.join(', ')}:
  --older-than <t>  sends only messages that are older than t: 90s, 15m, 2h, 3d
  --reason <name>   sends only messages that failed for this reason: ${redriveReasons.join(', ')}
  --per-second <n>  sends at most n a second (default 20, at most 100)

A message is deleted only after its target has accepted it; Ctrl-C stops the command without loss. Endpoint, region and
credentials come from the environment. Exit code: 0 done, 1 stopped or failed, 2 wrong usage.`;

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): RedriveOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [architecture = '', ...others] = positionals;
  if (!Object.hasOwn(redrivable, architecture) || others.length > 0) {
    throw new UsageError(`received '${positionals.join(' ')}': use one of ${Object.keys(redrivable).join(', ')}`);
  }
  const { stage, reason } = values;
  for (const name of ['older-than', 'reason', 'per-second'] as const) {
    if (values[name] !== undefined && !selecting.includes(architecture))
      throw new UsageError(`--${name} is only for ${selecting.join(', ')}, not for ${architecture}: leave it out`);
  }
  if (reason !== undefined && !isReason(reason))
    throw new UsageError(`unknown --reason '${reason}': use one of ${redriveReasons.join(', ')}`);
  return {
    architecture,
    dryRun: values['dry-run'],
    maximum: wholeNumber('max', values.max),
    olderThanSeconds: seconds('older-than', values['older-than']),
    reason,
    perSecond: wholeNumber('per-second', values['per-second'], 100),
    stage: stageOf(stage),
    outputs: values.outputs,
  };
}

function isReason(name: string): name is RedriveReason {
  return (redriveReasons as readonly string[]).includes(name);
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

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const command = redrivable[options.architecture];
  if (command === undefined) throw new Error(`no redrive for ${options.architecture}`);
  const stack = stackName(command.stack, options.stage);
  const outputs = await outputsOf(stack, options.outputs);
  console.log(`reading the failures of ${stack}`);
  return command.run({
    options,
    output: (name) => {
      const value = outputs[name];
      if (value === undefined) throw new UsageError(`stack ${stack} has no output '${name}': deploy it again`);
      return value;
    },
    signal: stopOnSignal(),
    say: (line) => console.log(line),
    complain: (line) => console.error(line),
  });
}

function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(1);
    console.error(`\n${signal}: stopping after the current messages`);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

/** Returns a message without the SDK's stack trace: the cause is nearly always the environment. */
function explain(error: unknown): string {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `redrive stopped, no message is lost: ${reason} (check AWS_REGION, AWS_PROFILE and the network)`;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof UsageError ? error.message : explain(error));
      process.exit(error instanceof UsageError ? 2 : 1);
    },
  );
}
