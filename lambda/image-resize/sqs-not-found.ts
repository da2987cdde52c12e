import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { PhotoNotFoundError } from './not-found';

/** The queue of events whose photo was not found, and the signal that ends every request before the invocation ends. */
export interface NotFoundQueue {
  readonly client: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly signal: AbortSignal;
}

/** Sends a record of an event to the queue, in the form of Lambda's on-failure destination, which the redrive reads. */
export async function setAside({ client, queueUrl, signal }: NotFoundQueue, record: unknown, now: Date): Promise<void> {
  const { name, message } = new PhotoNotFoundError();
  const failure = {
    version: '1.0',
    timestamp: now.toISOString(),
    requestContext: { condition: 'PhotoNotFound' },
    requestPayload: { Records: [record] },
    responsePayload: { errorType: name, errorMessage: message },
  };
  const request = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(failure) });
  await client.send(request, { abortSignal: signal });
}
