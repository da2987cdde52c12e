import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { Context } from 'aws-lambda';

/**
 * An AWS service throttles, conflicts or fails for a while, after the SDK's own attempts. Retriers of state machines name this
 * class, since each service has names of its own for it.
 */
export class ServiceBusyError extends Error {
  override readonly name = 'ServiceBusyError';
}

/** Names of throttling and conflicts that the SDK does not classify. */
const busyNames = [
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
  'TransactionConflictException',
  // SNS, for the key of an encrypted topic: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  'KMSThrottlingException',
  // Another conditional write to the same key of S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
  'ConditionalRequestConflict',
];

// The SDK's type demands exact optional properties of what any error may be.
type SdkError = Parameters<typeof isThrottlingError>[0];

/** Whether a service throttled a request, or another writer was in its way; the SDK has repeated it already. */
export function isThrottledOrConflict(error: Error): boolean {
  return isThrottlingError(error as SdkError) || busyNames.includes(error.name);
}

/** Whether an error of the SDK may be cleared by a later attempt. */
export function isBusy(error: unknown): error is Error {
  return error instanceof Error && (isThrottledOrConflict(error) || isTransientError(error as SdkError));
}

type Handler<Result> = (event: unknown, context: Context) => Promise<Result>;

/**
 * Wraps a handler so that it throws ServiceBusyError for whatever a later attempt may clear. The message is the original name
 * alone, since services repeat input in theirs.
 */
export function translateBusyErrors<Result>(handler: Handler<Result>): Handler<Result> {
  return async (event, context) => {
    try {
      return await handler(event, context);
    } catch (error) {
      if (isBusy(error)) throw new ServiceBusyError(error.name);
      throw error;
    }
  };
}
