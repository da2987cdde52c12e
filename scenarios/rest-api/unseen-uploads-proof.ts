import {
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { follow } from './client';
import { openClient, succeeded } from './deployment';

const content = Buffer.from('hello');

export const unseenUploadsProof: Check = {
  name: 'unseen-uploads',
  expectedErrors: ['UnexpectedUploadError'],
  title: 'an upload whose event is lost is found and recorded by the recovery command; foreign content is set aside',
  async run(run) {
    const client = await openClient(run, 'ada');
    const [s3, Bucket] = [new S3Client({}), run.output('UploadsBucketName')];
    const restore = await run.step('turn the notification of the bucket off', () => muteBucket(run, s3, Bucket));
    const created = succeeded(
      await client.create({ title: 'Unseen', contentType: 'text/plain', bytes: content.length }),
      201,
    );
    const { id, upload } = created.body;
    if (upload === undefined) throw new Error('no link for the upload');
    run.assertEqual((await follow(upload, content)).status, 200, 'status of the upload');
    await restore();
    run.assertEqual(succeeded(await client.get(id), 200).body.status, 'awaiting-upload', 'status of the document');

    await run.step('run the recovery command', async () => {
      const listed = await runUploads(run, 'uploads', 1);
      run.assert(listed.includes(id), 'the command lists the document', listed);
      const repaired = await runUploads(run, 'uploads --repair', 0);
      run.assert(repaired.includes(`${id}: its document is available`), 'it repairs the document', repaired);
    });
    run.assertEqual(succeeded(await client.get(id), 200).body.status, 'available', 'status after the recovery');
    await setAsideForeign(run, s3, Bucket);
  },
};

/** Returns the function that restores the notification. */
async function muteBucket(run: ScenarioRun, s3: S3Client, Bucket: string): Promise<() => Promise<void>> {
  const { $metadata: _, ...before } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  const put = async (NotificationConfiguration: object): Promise<void> => {
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  };
  const restore = (): Promise<void> => put(before);
  run.cleanUp('the notification of the bucket', restore);
  await put({});
  return restore;
}

/** Writes to the bucket past the API, which no caller can. */
async function setAsideForeign(run: ScenarioRun, s3: S3Client, Bucket: string): Promise<void> {
  const Key = `documents/${run.runId}/foreign`;
  const [sqs, QueueUrl] = [new SQSClient({}), run.output('FailuresQueueUrl')];
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: content }));
  run.cleanUp('the foreign content', async () => {
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  });
  const handle = await run.eventually(
    'the event in the Failures queue',
    async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 5, WaitTimeSeconds: 1 }),
      );
      return Messages.find(({ Body = '' }) => Body.includes(run.runId))?.ReceiptHandle;
    },
    { withinSeconds: 420 },
  );
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle }));
  run.assert(true, 'content that no document promised is set aside after three attempts');
}

function runUploads(run: ScenarioRun, command: string, exitCode: number): Promise<string> {
  return runCommand(run, 'rest-api', `npm run ops -- rest-api ${command}`, { exitCode });
}
