import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { requestLimits } from '../shared/request-limits';

export interface Queue {
  readonly client: Pick<SQSClient, 'send'>;
  readonly url: string;
  readonly signal: AbortSignal;
}

/** A client for all requests of a function's life, which takes region, credentials and endpoint from the environment. */
export function connectToSqs(): SQSClient {
  return new SQSClient(requestLimits);
}

/** Hides a received message for so many seconds from now; 0 shows it at once. Needs `sqs:ChangeMessageVisibility`. */
export async function hide({ client, url, signal }: Queue, receiptHandle: string, seconds: number): Promise<void> {
  const request = { QueueUrl: url, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
  await client.send(new ChangeMessageVisibilityCommand(request), { abortSignal: signal });
}
