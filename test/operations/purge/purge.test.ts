import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { UsageError } from '../../../operations/command-line/command';
import { findRemains, type PurgeClients } from '../../../operations/purge/find-remains';
import { readOptions, runPurge } from '../../../operations/purge/purge-operation';
import { FakeCloudFormation, type FakeStack, type FakeStackResource } from '../../fakes/fake-cloudformation';
import { FakeLogs } from '../../fakes/fake-logs';
import { FakeS3 } from '../../fakes/fake-s3';

const idOf = (number: number): string => `arn:aws:cloudformation:eu-west-1:123456789012:stack/ImageResize/${number}`;
const bucket = (id: string, status = 'CREATE_COMPLETE'): FakeStackResource => ({
  ...{ logicalId: id, type: 'AWS::S3::Bucket', id, status },
});
const logs = { logicalId: 'Logs', type: 'AWS::Logs::LogGroup', id: 'own-logs' };
const provider = { logicalId: 'Provider', type: 'AWS::Lambda::Function', id: 'provider', status: 'DELETE_COMPLETE' };

let said: string[];
let asked: string[];
let s3: FakeS3;
let logGroups: FakeLogs;
beforeEach(() => {
  [said, asked] = [[], []];
  s3 = new FakeS3({ upload: 'Enabled', resized: 'Enabled' });
  s3.put('upload', 'a', 'abc');
  s3.put('upload', 'a', 'abc');
  logGroups = new FakeLogs({ 'own-logs': { retentionDays: 30 }, '/aws/lambda/provider': { bytes: 12_345 } });
});

function clientsOf(...stacks: FakeStack[]): PurgeClients {
  return {
    cloudFormation: new CloudFormationClient(new FakeCloudFormation(stacks).clientConfig),
    s3: new S3Client(s3.clientConfig),
    logs: new CloudWatchLogsClient(logGroups.clientConfig),
    account: '123456789012',
  };
}

const stackOf = (
  status: string,
  resources: readonly FakeStackResource[],
  more: Partial<FakeStack> = {},
): FakeStack => ({
  ...{ name: 'ImageResize', id: idOf(1), status, resources },
  ...more,
});

function run(clients: PurgeClients, args: readonly string[], typed = true): Promise<number> {
  const options = readOptions('ImageResize', args);
  if (options === 'help') throw new Error('help');
  const confirm = (_: string, text: string): Promise<boolean> => {
    asked.push(text);
    return Promise.resolve(typed);
  };
  return runPurge(clients, options, { say: (line) => said.push(line), confirm });
}

it('by default says counts and bytes, and deletes nothing', async () => {
  const clients = clientsOf(stackOf('DELETE_FAILED', [bucket('upload', 'DELETE_FAILED')]));
  expect(await run(clients, [])).toBe(0);
  expect(said).toEqual([
    'ImageResize has the status DELETE_FAILED',
    '  bucket upload: 2 versions and delete markers, 6 bytes',
    'nothing was deleted: add --delete to be asked for each name, or --yes',
  ]);
  expect(s3.operations.filter((one) => one.startsWith('Delete'))).toEqual([]);
});

it('empties the buckets of a stack whose deletion failed, and leaves bucket and logs to the next destroy', async () => {
  const clients = clientsOf(stackOf('DELETE_FAILED', [bucket('upload', 'DELETE_FAILED'), logs]));
  expect(await run(clients, ['--yes'])).toBe(0);
  expect(s3.bucket('upload').all).toEqual([]);
  expect(logGroups.groups.has('own-logs')).toBe(true);
});

it('after the deletion, removes kept buckets and the log groups that the stack left behind', async () => {
  const clients = clientsOf(stackOf('DELETE_COMPLETE', [bucket('upload', 'DELETE_SKIPPED'), provider, logs]));
  expect(await run(clients, ['--delete'])).toBe(0);
  expect(() => s3.bucket('upload')).toThrow('NoSuchBucket');
  expect([...logGroups.groups.keys()]).toEqual([]);
  expect(said).toContain('  log group /aws/lambda/provider: 12.3 kB, never expires');
  expect(asked).toEqual(['upload', 'ImageResize']);
});

it('deletes nothing whose name was not typed', async () => {
  const clients = clientsOf(stackOf('DELETE_COMPLETE', [bucket('upload', 'DELETE_SKIPPED'), provider]));
  expect(await run(clients, ['--delete'], false)).toBe(1);
  expect(s3.bucket('upload').all).toHaveLength(2);
  expect(logGroups.groups.size).toBe(2);
});

it.each([
  ['has object lock', () => (s3.bucket('upload').hasObjectLock = true)],
  ['belongs to another stack', () => (s3.bucket('upload').tags = { 'aws:cloudformation:stack-id': idOf(7) })],
  ['belongs to another account', () => (s3.bucket('upload').owner = '999999999999')],
])('leaves a bucket alone that %s', async (reason, change) => {
  change();
  const clients = clientsOf(stackOf('DELETE_COMPLETE', [bucket('upload', 'DELETE_SKIPPED')]));
  expect(await run(clients, ['--yes'])).toBe(1);
  expect(said.join('\n')).toContain(reason);
  expect(s3.bucket('upload').all).toHaveLength(2);
});

it('a bucket that is left alone keeps its content while others are deleted', async () => {
  s3.bucket('upload').hasObjectLock = true;
  s3.put('resized', 'b', 'b');
  const resources = [bucket('upload', 'DELETE_SKIPPED'), bucket('resized', 'DELETE_SKIPPED')];
  expect(await run(clientsOf(stackOf('DELETE_COMPLETE', resources)), ['--yes'])).toBe(1);
  expect(() => s3.bucket('resized')).toThrow('NoSuchBucket');
  expect(s3.bucket('upload').all).toHaveLength(2);
});

it('leaves alone what the deployed stack has taken over from a deleted one', async () => {
  const deployed = stackOf('CREATE_COMPLETE', [bucket('resized'), logs], { id: idOf(2) });
  const clients = clientsOf(deployed, stackOf('DELETE_COMPLETE', [bucket('resized', 'DELETE_SKIPPED'), logs]));
  s3.put('resized', 'b', 'b');
  const { buckets, logGroups: found } = await findRemains(clients, 'ImageResize', new Date());
  expect([buckets.map(({ name }) => name), found]).toEqual([['resized'], []]);
});

it('leaves alone what a deleted stack of another name has left', async () => {
  const other = stackOf('DELETE_COMPLETE', [bucket('upload', 'DELETE_SKIPPED'), provider], {
    name: 'ImageResize-prod',
  });
  expect(await run(clientsOf(other), ['--yes'])).toBe(0);
  expect([s3.bucket('upload').all.length, logGroups.groups.size]).toEqual([2, 2]);
});

it('takes no log group for its own whose name begins alike', async () => {
  logGroups = new FakeLogs({ '/aws/lambda/provider-2': {} });
  const { logGroups: found } = await findRemains(
    clientsOf(stackOf('DELETE_COMPLETE', [provider])),
    'ImageResize',
    new Date(),
  );
  expect(found).toEqual([]);
});

it('finds buckets that an update replaced, which only the events name', async () => {
  const replaced = { ...bucket('upload', 'DELETE_FAILED'), isReplaced: true };
  const { buckets } = await findRemains(clientsOf(stackOf('UPDATE_COMPLETE', [replaced])), 'ImageResize', new Date());
  expect(buckets).toMatchObject([{ name: 'upload', content: { entries: 2 } }]);
});

it('names what stays and until when', async () => {
  const gone = 'DELETE_COMPLETE';
  const resources = [
    { logicalId: 'Key', type: 'AWS::KMS::Key', id: 'k-1', status: gone },
    { logicalId: 'Old', type: 'AWS::KMS::Key', id: 'k-2', status: gone },
    { logicalId: 'Kept', type: 'AWS::KMS::Key', id: 'k-3', status: 'DELETE_SKIPPED' },
    { logicalId: 'Database', type: 'AWS::RDS::DBInstance', id: 'db', status: gone },
    { logicalId: 'Table', type: 'AWS::DynamoDB::Table', id: 'orders', status: 'DELETE_SKIPPED' },
  ];
  const template = {
    Resources: {
      Key: { Type: 'AWS::KMS::Key' },
      Old: { Type: 'AWS::KMS::Key', Properties: { PendingWindowInDays: 7 } },
      Database: { Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Snapshot' },
    },
  };
  const clients = clientsOf(stackOf(gone, resources, { template }));
  // The events are of January 10.
  const { kept } = await findRemains(clients, 'ImageResize', new Date('2026-01-20T00:00:00Z'));
  expect(kept.map(({ id, until }) => `${id}: ${until}`)).toEqual([
    'k-1: pending deletion, ends on 2026-02-09; not billed (aws kms cancel-key-deletion keeps it)',
    'k-3: kept and billed until its deletion is scheduled: aws kms schedule-key-deletion --key-id k-3',
    expect.stringMatching(/^db: final snapshot, billed until .*DBInstanceIdentifier=='db'/),
    'orders: kept by its stack and billed until you delete it',
  ]);
});

it('empties no bucket of a deployed prod stack', async () => {
  const clients = clientsOf(stackOf('CREATE_COMPLETE', [bucket('upload')], { name: 'ImageResize-prod' }));
  await expect(run(clients, ['--stage', 'prod', '--yes'])).rejects.toThrow('ImageResize-prod is deployed');
  await expect(run(clients, ['--stage', 'prod', '--yes'])).rejects.toThrow(UsageError);
  expect(s3.bucket('upload').all).toHaveLength(2);
});

it('has nothing to do for a stack that left nothing', async () => {
  expect(await run(clientsOf(stackOf('CREATE_COMPLETE', [bucket('resized')])), ['--yes'])).toBe(0);
  expect(await run(clientsOf(), ['--yes'])).toBe(0);
  expect(said.at(-1)).toBe('nothing to delete');
});

it.each([
  [['upload'], "received 'upload': options begin with --"],
  [['--stage', 'qa'], "unknown --stage 'qa': use one of sandbox, prod"],
  [['--force'], '--force'],
])('%j is wrong usage', (args, message) => {
  expect(() => readOptions('ImageResize', args)).toThrow(message);
});
