import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { UsageError, parseOptions } from '../command-line/command';
import { z } from 'zod';
import { stackName } from '../../lib/stack-name';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';

const help = `Migrates the schema of database-access outside a deployment. Safe to run at any time.

  npm run ops -- database-access migrate [options]

  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them; read from CloudFormation by default

Endpoint, region and credentials come from the environment. Exit code: 0 up to date, 1 failed, 2 wrong usage.`;

export interface MigrateOptions {
  readonly stack: string;
  readonly outputs: string | undefined;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): MigrateOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const { stage, outputs } = values;
  return { stack: stackName('DatabaseAccess', stageOf(stage)), outputs };
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

interface MigrateTarget {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly functionName: string;
}

const reportSchema = z.object({ applied: z.array(z.int()), version: z.int() });
const failureSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/**
 * Invokes the function and returns a one-line summary.
 *
 * @throws Error with the function's error
 */
export async function migrate({ client, functionName }: MigrateTarget): Promise<string> {
  const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: functionName }));
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
  if (FunctionError !== undefined) {
    const { errorType, errorMessage } = failureSchema.parse(answer);
    throw new Error(`${errorType}: ${errorMessage}`);
  }
  const { applied, version } = reportSchema.parse(answer);
  const done = applied.length === 0 ? 'nothing to do' : `applied ${applied.join(', ')}`;
  return `${done}: the schema is at version ${version}`;
}

/** Returns the exit code. */
export async function runMigrate(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { stack, outputs: file } = options;
  const outputs = await outputsOf(stack, file);
  const functionName = requiredOutput(outputs, stack, 'MigrateFunctionName');
  // The timeout of Migrate is five minutes.
  const client = new LambdaClient({ maxAttempts: 1, requestHandler: { requestTimeout: 310_000 } });
  console.log(await migrate({ client, functionName }));
  return 0;
}
