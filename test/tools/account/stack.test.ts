import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import type { Account } from '../../../tools/account/account';
import { destroyStack, settledStack } from '../../../tools/account/stack';
import { FakeCloudFormation, type FakeStack } from '../../fakes/fake-cloudformation';
import { FakeLogs } from '../../fakes/fake-logs';
import { FakeS3 } from '../../fakes/fake-s3';

const wait = { signal: new AbortController().signal, say: () => undefined, everyMilliseconds: 1 };

/** Stack with a bucket that is not empty, which CloudFormation cannot delete. */
function stackWithBucket() {
  const upload = { logicalId: 'Upload', type: 'AWS::S3::Bucket', id: 'upload' };
  const stack: FakeStack = { name: 'Photos', id: 'arn:photos', status: 'CREATE_COMPLETE', resources: [upload] };
  const cloudFormation = new FakeCloudFormation([stack]);
  const s3 = new FakeS3({ upload: 'Enabled', kept: 'Enabled' });
  s3.put('upload', 'log', 'late');
  const logs = new FakeLogs({});
  const account: Account = {
    cloudFormation: new CloudFormationClient(cloudFormation.clientConfig),
    s3: new S3Client(s3.clientConfig),
    logs: new CloudWatchLogsClient(logs.clientConfig),
    ...{ account: '123456789012', region: 'eu-west-1', caller: 'arn:me' },
  };
  cloudFormation.onDelete = (one) =>
    (one.status = s3.bucket('upload').all.length > 0 ? 'DELETE_FAILED' : 'DELETE_COMPLETE');
  return { stack, cloudFormation, s3, account };
}

it('a stack whose bucket is not empty is emptied and deleted, with the bucket that is left', async () => {
  const { stack, s3, account, cloudFormation } = stackWithBucket();
  const remains = await destroyStack(account, 'Photos', wait);
  expect(stack.status).toBe('DELETE_COMPLETE');
  expect(cloudFormation.operations.filter((one) => one === 'DeleteStack')).toHaveLength(2);
  expect(() => s3.bucket('upload')).toThrow('NoSuchBucket');
  expect(remains).toMatchObject({ buckets: [], logGroups: [] });
});

it('what an earlier stack of that name has kept stays', async () => {
  const { s3, account, cloudFormation } = stackWithBucket();
  const kept = { logicalId: 'Upload', type: 'AWS::S3::Bucket', id: 'kept', status: 'DELETE_SKIPPED' };
  cloudFormation.stacks.push({ name: 'Photos', id: 'arn:earlier', status: 'DELETE_COMPLETE', resources: [kept] });
  s3.put('kept', 'photo', 'data');
  await destroyStack(account, 'Photos', wait);
  expect(s3.bucket('kept').all).toHaveLength(1);
});

it('a stack that was deleted before the run was cut off is known by its id', async () => {
  const { stack, s3, account } = stackWithBucket();
  stack.status = 'DELETE_COMPLETE';
  await destroyStack(account, 'Photos', wait);
  expect(s3.bucket('upload').all).toHaveLength(1);
  await destroyStack(account, 'Photos', wait, 'arn:photos');
  expect(() => s3.bucket('upload')).toThrow('NoSuchBucket');
});

it('a stack that cannot be deleted ends with its status', async () => {
  const { account, cloudFormation } = stackWithBucket();
  cloudFormation.onDelete = (one) => (one.status = 'DELETE_FAILED');
  await expect(destroyStack(account, 'Photos', wait)).rejects.toThrow('Photos has the status DELETE_FAILED');
});

it('waits while something is in progress, and tells its status', async () => {
  const { account, stack } = stackWithBucket();
  stack.status = 'UPDATE_IN_PROGRESS';
  const onStatus = jest.fn(() => (stack.status = 'UPDATE_COMPLETE'));
  expect(await settledStack(account, 'Photos', { ...wait, onStatus })).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
  });
  expect(onStatus).toHaveBeenCalledWith('UPDATE_IN_PROGRESS');
});
