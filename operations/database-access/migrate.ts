import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError, parseOptions } from '../command-line/command';
import { z } from 'zod';
import { stackName } from '../../lib/stack-name';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';

const help = `Migrates the schema of database-access outside a deployment. Safe to run at any time. Repeats the call while the
database is unavailable, for some 15 s.

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
  /** Waits before the next attempt. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** Errors that pass: the database starts, fails over, or does not know the login yet. */
const temporaryErrors = ['DatabaseUnavailable', 'LoginRefused'];
const mostAttempts = 4;

const reportSchema = z.object({ applied: z.array(z.int()), version: z.int() });
const failureSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/**
 * Invokes the function, again after an error that passes, and returns a one-line summary.
 *
 * @throws Error with the function's error
 */
export async function migrate({ client, functionName, pause = sleep }: MigrateTarget): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: functionName }));
    const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString());
    if (FunctionError === undefined) return summaryOf(answer);
    const { errorType, errorMessage } = failureSchema.parse(answer);
    if (attempt === mostAttempts || !temporaryErrors.includes(errorType))
      throw new Error(`${errorType}: ${errorMessage}`);
    await pause(1_000 * 2 ** attempt);
  }
}

function summaryOf(answer: unknown): string {
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
