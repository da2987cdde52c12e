import {
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  MergeShardsCommand,
  SplitShardCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import type { Reading } from '../../lambda/stream-processor/reading';
import type { Check, ScenarioRun } from '../shared/scenario';
import { assertWindows } from './assertions';
import { readDeployment, type Deployment } from './deployment';
import { entryOf, makeReadings } from './readings';
import { putEntries } from './stream';
import { runOps } from './run-ops';

const [devices, eachTime] = [10, 60];

/** Splits and merges shards between readings: the emulator removes a shard that is split together with its records. */
export const reshardProof: Check = {
  name: 'reshard',
  title: 'readings before and after a shard is split and merged are in their windows once',
  async run(run) {
    const deployment = readDeployment(run);
    const readings: Reading[] = [];
    const more = async (): Promise<void> => {
      const some = makeReadings(run, { count: eachTime, devices, spreadSeconds: 60 }).map((one, index) => ({
        ...one,
        readingId: String(readings.length + index),
      }));
      readings.push(...some);
      await putEntries(deployment, some.map(entryOf));
      await assertWindows(run, deployment, readings);
    };
    await more();
    await run.step('split a shard', () => split(run, deployment));
    await more();
    await run.step('merge the two', () => merge(run, deployment));
    await more();
    // Last, since the emulator drops the records of all shards with it.
    await run.step('reshard to two shards', async () => void (await runOps(run, 'reshard 2')));
    run.assertEqual((await openShards(deployment)).length, 2, 'open shards');
    run.metric('readings', readings.length);
  },
};

async function openShards({ kinesis, streamName }: Deployment): Promise<Shard[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: streamName }));
  return Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined);
}

async function split(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const { kinesis, streamName: StreamName } = deployment;
  const [shard] = await openShards(deployment);
  const { StartingHashKey = '0', EndingHashKey = '0' } = shard?.HashKeyRange ?? {};
  const NewStartingHashKey = ((BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n + 1n).toString();
  await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit: shard?.ShardId, NewStartingHashKey }));
  await untilActive(run, deployment, 2);
}

async function merge(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const { kinesis, streamName: StreamName } = deployment;
  const start = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.StartingHashKey ?? 0);
  const [first, second] = (await openShards(deployment)).sort((one, other) => (start(one) < start(other) ? -1 : 1));
  const adjacent = { ShardToMerge: first?.ShardId, AdjacentShardToMerge: second?.ShardId };
  await kinesis.send(new MergeShardsCommand({ StreamName, ...adjacent }));
  await untilActive(run, deployment, 1);
}

async function untilActive(run: ScenarioRun, deployment: Deployment, shards: number): Promise<void> {
  const { kinesis, streamName: StreamName } = deployment;
  await run.eventually(`${shards} open shards`, async () => {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    const isActive = StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
    return isActive && (await openShards(deployment)).length === shards ? true : undefined;
  });
}
