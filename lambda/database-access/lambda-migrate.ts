import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import type { MigrateOutcome } from './custom-resource';

const reportSchema = z.object({ version: z.number() });
const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/** Transient errors: the database is not available yet, or a network interface is being created. */
const transientErrors = ['DatabaseUnavailable', 'Sandbox.Timedout'];

export interface MigrateTarget {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly functionName: string;
}

/** Invokes `Migrate` once and returns its outcome. */
export async function invokeMigrate({ client, functionName }: MigrateTarget): Promise<MigrateOutcome> {
  const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: functionName }));
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  if (FunctionError === undefined) return { outcome: 'migrated', version: reportSchema.parse(answer).version };
  const { errorType, errorMessage } = errorSchema.parse(answer);
  const isTransient = transientErrors.includes(errorType) || /timed out/i.test(errorMessage);
  return { outcome: isTransient ? 'unavailable' : 'failed', reason: `${errorType}: ${errorMessage}` };
}
