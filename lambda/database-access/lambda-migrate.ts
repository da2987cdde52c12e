import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import type { Attempt } from './deployment';

const reportSchema = z.object({ version: z.number() });
const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/** Errors that go away: the database is not there yet, or a network interface is being made. */
const passing = ['DatabaseUnavailable', 'Sandbox.Timedout'];

/** @param timeoutMilliseconds of the function that is invoked: an answer is waited for as long */
export function connectToLambda(timeoutMilliseconds: number): LambdaClient {
  const waits = { requestTimeout: timeoutMilliseconds + 5_000, socketTimeout: timeoutMilliseconds + 5_000 };
  return new LambdaClient({ maxAttempts: 3, requestHandler: { connectionTimeout: 1_000, ...waits } });
}

/** Invokes `Migrate` once and reads what it says. */
export async function invokeMigrate(client: Pick<LambdaClient, 'send'>, functionName: string): Promise<Attempt> {
  const { FunctionError, Payload } = await client.send(new InvokeCommand({ FunctionName: functionName }));
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  if (FunctionError === undefined) return { outcome: 'migrated', version: reportSchema.parse(answer).version };
  const { errorType, errorMessage } = errorSchema.parse(answer);
  const isPassing = passing.includes(errorType) || /timed out/i.test(errorMessage);
  return { outcome: isPassing ? 'unavailable' : 'failed', reason: `${errorType}: ${errorMessage}` };
}
