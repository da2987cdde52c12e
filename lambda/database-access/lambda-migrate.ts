import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import type { MigrateOutcome } from './custom-resource';

const reportSchema = z.object({ version: z.number() });
const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/** Errors of the function that pass: the database is not available yet, or IAM does not know the permissions yet. */
const transientErrors = ['DatabaseUnavailable', 'LoginRefused', 'Sandbox.Timedout'];

/**
 * Errors of an invocation that pass, besides faults of the service: a new permission takes seconds to be known, a new
 * function's network interfaces minutes, and a throttled invocation did not run.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
const transientCalls = [
  'AccessDeniedException',
  'EC2AccessDeniedException',
  'EC2ThrottledException',
  'EC2UnexpectedException',
  'ENILimitReachedException',
  'KMSAccessDeniedException',
  'ResourceConflictException',
  'ResourceNotReadyException',
  'SubnetIPAddressLimitReachedException',
  'TimeoutError',
  'TooManyRequestsException',
];

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

function isTransientCall(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const isServerFault = '$fault' in error && error.$fault === 'server';
  // Node's network errors have a code in place of a name.
  const isNetworkError = 'code' in error && typeof error.code === 'string' && /^E[A-Z_]+$/.test(error.code);
  return isServerFault || isNetworkError || transientCalls.includes(error.name);
}
