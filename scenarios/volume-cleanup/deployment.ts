import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  type CreateVolumeCommandInput,
} from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { ResourceRecord } from '../../lambda/volume-cleanup/record';
import type { ScenarioRun } from '../shared/scenario';

export const mainRegion = 'us-east-1';
export const secondRegion = 'eu-west-1';

const day = 86_400_000;

/** Deployed stack, and clients. */
export interface Deployment {
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly ec2: EC2Client;
  readonly tableName: string;
  readonly functionName: string;
}

export function readDeployment(run: ScenarioRun, region = mainRegion): Deployment {
  return {
    dynamodb: new DynamoDBClient({}),
    lambda: new LambdaClient({}),
    ec2: new EC2Client({ region, maxAttempts: 5 }),
    tableName: run.output('CandidatesTableName'),
    functionName: run.output('FindCandidatesFunctionName'),
  };
}

/** Runs the cleanup and waits; returns its counts, or the error's type as a text. */
export async function cleanUp({ lambda, functionName }: Deployment): Promise<Record<string, number> | string> {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload: '{}' }));
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString()) as Record<string, unknown> & { errorType?: string };
  return answer.errorType ?? (answer as Record<string, number>);
}

/** Creates a volume that is removed at the end. */
export async function createVolume(
  run: ScenarioRun,
  { ec2 }: Deployment,
  input: Partial<CreateVolumeCommandInput> & { readonly tags?: Record<string, string> } = {},
): Promise<string> {
  const { tags = {}, ...settings } = input;
  const region = await ec2.config.region();
  const all = Object.entries({ 'test-run': run.runId, ...tags });
  const { VolumeId = '' } = await ec2.send(
    new CreateVolumeCommand({
      AvailabilityZone: `${region}a`,
      Size: 8,
      VolumeType: 'gp3',
      TagSpecifications: [{ ResourceType: 'volume', Tags: all.map(([Key, Value]) => ({ Key, Value })) }],
      ...settings,
    }),
  );
  run.cleanUp(`volume ${VolumeId}`, () => removeVolume(ec2, VolumeId));
  return VolumeId;
}

export async function removeVolume(ec2: EC2Client, VolumeId: string): Promise<void> {
  await ec2.send(new DeleteVolumeCommand({ VolumeId })).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'InvalidVolume.NotFound') throw error;
  });
}

export async function exists({ ec2 }: Deployment, id: string): Promise<boolean> {
  const { Volumes = [] } = await ec2.send(
    new DescribeVolumesCommand({ Filters: [{ Name: 'volume-id', Values: [id] }] }),
  );
  return Volumes.length > 0;
}

/** Snapshots of a volume. */
export async function snapshotsOf({ ec2 }: Deployment, id: string) {
  const Filters = [{ Name: 'volume-id', Values: [id] }];
  const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters }));
  return Snapshots;
}

export async function recordOf(
  { dynamodb, tableName }: Deployment,
  id: string,
  region = mainRegion,
): Promise<ResourceRecord | undefined> {
  const Key = { region: { S: region }, id: { S: id } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
  return Item === undefined ? undefined : (JSON.parse(Item['record']?.S ?? '') as ResourceRecord);
}

/** Writes a volume's record as it is after so many days of daily runs, the notice a week and more ago. */
export async function writeAged(
  { dynamodb, tableName }: Deployment,
  id: string,
  change: Partial<Record<keyof ResourceRecord, unknown>> = {},
  region = mainRegion,
): Promise<void> {
  const now = Date.now();
  const record = {
    ...{ id, region, stage: 'unattached', version: 1 },
    ...{ firstSeenAt: now - 60 * day, lastSeenAt: now - day, notifiedAt: now - 10 * day },
    ...change,
  } as ResourceRecord;
  await dynamodb.send(
    new PutItemCommand({
      TableName: tableName,
      Item: {
        region: { S: region },
        id: { S: id },
        stage: { S: record.stage },
        version: { N: String(record.version) },
        record: { S: JSON.stringify(record) },
      },
    }),
  );
}

/** Creates volumes that have been unattached for weeks, and were announced. */
export async function agedVolumes(run: ScenarioRun, deployment: Deployment, count: number): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => createVolume(run, deployment)));
  await Promise.all(ids.map((id) => writeAged(deployment, id)));
  return ids;
}

/** Runs the cleanup until the volumes are deleted, each with the snapshot that its record names. */
export async function assertDeleted(run: ScenarioRun, deployment: Deployment, ids: readonly string[]): Promise<void> {
  await run.step('run the cleanup until all have ended', () => cleanUpUntilEnded(run, deployment, ids));
  const kept: string[] = [];
  for (const id of ids) {
    const record = await recordOf(deployment, id);
    const snapshots = await snapshotsOf(deployment, id);
    const isSaved = snapshots.some(({ SnapshotId }) => SnapshotId === record?.snapshotId);
    if (record?.stage !== 'deleted' || !isSaved || (await exists(deployment, id))) kept.push(id);
  }
  run.assertEqual(kept, [], `volumes of ${ids.length} that are not deleted with a snapshot`);
}

/** Runs the cleanup until the volumes' records have ended, as daily runs do. */
export async function cleanUpUntilEnded(
  run: ScenarioRun,
  deployment: Deployment,
  ids: readonly string[],
  region = mainRegion,
): Promise<void> {
  await run.eventually(
    'the end of the volumes',
    async () => {
      await cleanUp(deployment);
      for (const id of ids) {
        const record = await recordOf(deployment, id, region);
        if (record === undefined || record.stage === 'unattached' || record.stage === 'deleting') return undefined;
      }
      return true;
    },
    { everyMilliseconds: 300 },
  );
}
