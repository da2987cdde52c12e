import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { parseArgs } from 'node:util';
import { redriveFailures, type Failure } from './image-resize/redrive-failures';
import { outputsFromAccount, outputsFromFile, UsageError, type Outputs } from './stack-outputs';

/** What each architecture that can be redriven calls its failures queue and the function that failed, in its outputs. */
export const redrivable: Readonly<
  Record<string, { readonly stack: string; readonly queue: string; readonly functionName: string }>
> = {
  'image-resize': { stack: 'ImageResize', queue: 'FailuresQueueUrl', functionName: 'ResizeImageFunctionName' },
};

const help = `Sends the events of a failures queue through their function again.

  npm run redrive -- <architecture> [options]

  architecture      ${Object.keys(redrivable).join(', ')}
  --dry-run         shows what would be sent, and changes nothing
  --max <n>         sends at most n events
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them; without it they are looked up

A message is deleted only once Lambda has accepted its event; Ctrl-C ends it and loses nothing. Endpoint, region and
credentials come from the environment. Exit code: 0 done, 1 an event was not accepted or could not be read, 2 wrong usage.`;

export interface Options {
  readonly architecture: string;
  readonly dryRun: boolean;
  readonly maximum: number | undefined;
  readonly stage: 'sandbox' | 'prod';
  readonly outputs: string | undefined;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [architecture = '', ...others] = positionals;
  if (!Object.hasOwn(redrivable, architecture) || others.length > 0) {
    throw new UsageError(
      `received '${positionals.join(' ')}': name one architecture of ${Object.keys(redrivable).join(', ')}`,
    );
  }
  const { stage, max } = values;
  if (stage !== 'sandbox' && stage !== 'prod')
    throw new UsageError(`unknown --stage '${stage}': use one of sandbox, prod`);
  const maximum = max === undefined ? undefined : Number(max);
  if (maximum !== undefined && (!Number.isSafeInteger(maximum) || maximum < 1)) {
    throw new UsageError(`--max '${max ?? ''}': use a whole number of at least 1`);
  }
  return { architecture, dryRun: values['dry-run'], maximum, stage, outputs: values.outputs };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        max: { type: 'string' },
        stage: { type: 'string', default: 'sandbox' },
        outputs: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} (--help lists the options)`);
  }
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { stack, queue, functionName } = redrivable[options.architecture] ?? { stack: '', queue: '', functionName: '' };
  const name = options.stage === 'prod' ? `${stack}-prod` : stack;
  const outputs =
    options.outputs === undefined ? await outputsFromAccount(name) : outputsFromFile(options.outputs, name);
  console.log(`reading the failures of ${name}`);
  const { redriven, left, unreadable, error } = await redriveFailures({
    sqs: new SQSClient({}),
    lambda: new LambdaClient({}),
    queueUrl: required(outputs, name, queue),
    functionName: required(outputs, name, functionName),
    dryRun: options.dryRun,
    signal: stopOnSignal(),
    onRedriven: (failure) => console.log(describe(failure)),
    ...(options.maximum === undefined ? {} : { maximum: options.maximum }),
  });
  console.log(
    `${redriven} ${options.dryRun ? 'would be redriven' : 'redriven'}, ${left} left that failed since the start, ${unreadable} unreadable`,
  );
  if (unreadable > 0)
    console.error(
      `${unreadable} messages hold no failed event and stay in ${required(outputs, name, queue)}: look at them by hand`,
    );
  if (error !== undefined) console.error(`stopped early: ${error.message}`);
  return error === undefined && unreadable === 0 ? 0 : 1;
}

function required(outputs: Outputs, stack: string, output: string): string {
  const value = outputs[output];
  if (value === undefined) throw new UsageError(`stack ${stack} has no output '${output}': deploy it again`);
  return value;
}

/** Without the event: its keys may hold personal data. */
function describe({ condition, attempts }: Failure): string {
  return `  failed after ${attempts} attempts (${condition})`;
}

function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(1);
    console.error(`\n${signal}: finishing the messages in hand`);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof UsageError ? error.message : error);
      process.exit(error instanceof UsageError ? 2 : 1);
    },
  );
}
