import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import type { MigrateOutcome } from './custom-resource';
import { isTransientCall } from './transient-calls';

const reportSchema = z.object({ version: z.number() });
/** Error of a function; of one that Lambda ended at its timeout the type may be absent. */
const errorSchema = z.object({ errorType: z._default(z.string(), 'Error'), errorMessage: z.string() });

/** Errors of the function that pass: the database is not available yet, or IAM does not know the permissions yet. */
const transientErrors = ['DatabaseUnavailable', 'LoginRefused', 'Sandbox.Timedout'];

export interface MigrateTarget {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly functionName: string;
}

/**
 * Invokes `Migrate` once and returns its outcome.
 *
 * @throws the SDK's error where another invocation would fail too
 */
export async function invokeMigrate({ client, functionName }: MigrateTarget): Promise<MigrateOutcome> {
  let output: InvokeCommandOutput;
  try {
    output = await client.send(new InvokeCommand({ FunctionName: functionName }));
  } catch (error) {
    if (!isTransientCall(error)) throw error;
    return { outcome: 'unavailable', reason: `${error.name}: ${error.message}` };
  }
  const answer: unknown = JSON.parse(Buffer.from(output.Payload ?? []).toString() || 'null');
  if (output.FunctionError === undefined) return { outcome: 'migrated', version: reportSchema.parse(answer).version };
  const { errorType, errorMessage } = errorSchema.parse(answer);
  const isTransient = transientErrors.includes(errorType) || /timed out/i.test(errorMessage);
  return { outcome: isTransient ? 'unavailable' : 'failed', reason: `${errorType}: ${errorMessage}` };
}
