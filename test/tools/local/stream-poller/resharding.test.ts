import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import kinesalite from 'kinesalite';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisSource } from '../../../../tools/local/stream-poller/kinesis-source';
import { MappingPoller } from '../../../../tools/local/stream-poller/mapping-poller';
import { mappingWith } from './sample-records';

const StreamName = 'readings';
const keys = Array.from({ length: 12 }, (_, index) => `device-${index}`);

let server: Server;
let kinesis: KinesisClient;
let folder: string;
/** Numbers of each key, in the order in which an invocation first succeeded with them. */
let processed: Map<string, number[]>;
let written: number;

beforeEach(async () => {
  // Closed shards stay, with their records, as on AWS; the emulator of the local run removes them.
  server = kinesalite({ createStreamMs: 1, updateStreamMs: 20 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  kinesis = new KinesisClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler(),
  });
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await untilActive();
  folder = mkdtempSync(join(tmpdir(), 'resharding-'));
  processed = new Map(keys.map((key) => [key, []]));
  written = 0;
});
afterEach(async () => {
  kinesis.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

async function untilActive(): Promise<void> {
  for (;;) {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    if (StreamDescriptionSummary?.StreamStatus === 'ACTIVE') return;
    await sleep(10);
  }
}

/** Open shards by their range of hash keys. */
async function openShards(): Promise<Shard[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  return Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined).sort(
    (one, other) => (startOf(one) < startOf(other) ? -1 : 1),
  );
}

const startOf = ({ HashKeyRange }: Shard): bigint => BigInt(HashKeyRange?.StartingHashKey ?? 0);

async function split(index: number): Promise<void> {
  const shard = (await openShards())[index];
  const NewStartingHashKey = ((startOf(shard!) + BigInt(shard?.HashKeyRange?.EndingHashKey ?? 0)) / 2n).toString();
  await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit: shard?.ShardId, NewStartingHashKey }));
  await untilActive();
}

async function merge(index: number): Promise<void> {
  const shards = await openShards();
  const [ShardToMerge, AdjacentShardToMerge] = [shards[index]?.ShardId, shards[index + 1]?.ShardId];
  await kinesis.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
  await untilActive();
}

/** Writes the next number of each key until the signal. */
async function produce(until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    written += 1;
    const Records = keys.map((key) => ({ PartitionKey: key, Data: Buffer.from(String(written)) }));
    await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    await sleep(5);
  }
}

interface KinesisEvent {
  readonly Records: readonly { readonly kinesis: { readonly partitionKey: string; readonly data: string } }[];
}

function startPoller(parallelization: number): MappingPoller {
  let invocations = 0;
  return new MappingPoller(mappingWith({ batchSize: 20, parallelization }), {
    source: new KinesisSource(kinesis, mappingWith().streamArn),
    invoke: async (_, event) => {
      await sleep(invocations % 3);
      // Every fifth invocation fails, so that batches wait while shards change.
      if (++invocations % 5 === 0) return { functionError: 'Unhandled', response: {} };
      for (const { kinesis: record } of (event as KinesisEvent).Records) {
        const numbers = processed.get(record.partitionKey);
        const number = Number(Buffer.from(record.data, 'base64').toString());
        // A crashed poller delivers some again.
        if (numbers?.includes(number) === false) numbers.push(number);
      }
      return { functionError: undefined, response: {} };
    },
    discard: () => Promise.reject(new Error('nothing is given up here')),
    folder,
    now: Date.now,
    log: () => undefined,
  });
}

it.each([1, 10])(
  'shards that split and merge while records flow lose none and keep the order of a key, %i batches at once',
  async (parallelization) => {
    const end = new AbortController();
    const producing = produce(end.signal);
    let poller = startPoller(parallelization);
    await split(0);
    await split(1);
    poller.stop();
    await poller.done;
    poller = startPoller(parallelization);
    await merge(0);
    await split(0);
    await merge(1);
    end.abort();
    await producing;
    const expected = Array.from({ length: written }, (_, index) => index + 1);
    const isBehind = (): boolean => [...processed.values()].some(({ length }) => length < written);
    for (let waits = 0; isBehind() && waits < 200; waits++) await sleep(50);
    poller.stop();
    await poller.done;
    expect((await openShards()).length).toBe(2);
    expect(written).toBeGreaterThan(10);
    for (const numbers of processed.values()) expect(numbers).toEqual(expected);
  },
  30_000,
);
