import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { LargeRender } from '../large-render';

export interface LargeRenders {
  readonly s3: Pick<S3Client, 'send'>;
  readonly sfn: Pick<SFNClient, 'send'>;
  readonly inputBucketName: string;
  readonly stateMachineArn: string;
}

/** Prefix of the requests in the input bucket that a container renders. */
export const requestPrefix = 'requests/';

/**
 * Starts the rendering of a request in a container: once for a message, however often it is received.
 *
 * The request goes by the input bucket: it may have 1 MiB, and the state of an execution holds 256 KiB.
 */
export async function startLargeRender(renders: LargeRenders, messageId: string, body: string): Promise<void> {
  const { s3, sfn, inputBucketName: Bucket, stateMachineArn } = renders;
  const requestKey = `${requestPrefix}${messageId}.json`;
  await s3.send(new PutObjectCommand({ Bucket, Key: requestKey, Body: body, ContentType: 'application/json' }));
  const input: LargeRender = { requestKey, attempt: 1 };
  try {
    await sfn.send(new StartExecutionCommand({ stateMachineArn, name: messageId, input: JSON.stringify(input) }));
  } catch (error) {
    // It has ended: the message was received again after that.
    if (!(error instanceof Error) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
}
