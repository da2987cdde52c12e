import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type KinesisClient,
  type Shard as KinesisShard,
  type _Record,
} from '@aws-sdk/client-kinesis';
import type { Position, Shard, StreamRecord, StreamSource } from './stream-source';

/** Largest page that Kinesis returns. */
const pageLimit = 10_000;

/** Kinesis stream by the ARN of a mapping. */
export class KinesisSource implements StreamSource {
  constructor(
    private readonly client: Pick<KinesisClient, 'send'>,
    private readonly streamArn: string,
  ) {}

  async shards(): Promise<readonly Shard[]> {
    const found: KinesisShard[] = [];
    let NextToken: string | undefined;
    do {
      // A token stands for the stream: Kinesis refuses both together.
      const page = await this.client.send(new ListShardsCommand(NextToken ? { NextToken } : { StreamName: this.name }));
      found.push(...(page.Shards ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    const ids = new Set(found.map(({ ShardId }) => ShardId));
    return found.map(({ ShardId = '', ParentShardId, AdjacentParentShardId }) => ({
      id: ShardId,
      parents: [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined && ids.has(id)) as string[],
    }));
  }

  async iterator(ShardId: string, position: Position): Promise<string> {
    const { ShardIterator = '' } = await this.client.send(
      new GetShardIteratorCommand({
        StreamName: this.name,
        ShardId,
        ...('after' in position
          ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position.after }
          : { ShardIteratorType: position.type }),
      }),
    );
    return ShardIterator;
  }

  async read(shardId: string, iterator: string, limit: number) {
    const { Records = [], NextShardIterator } = await this.client.send(
      new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, pageLimit) }),
    );
    return { records: Records.map((record) => this.recordOf(shardId, record)), next: NextShardIterator ?? undefined };
  }

  private get name(): string {
    return this.streamArn.replace(/^.*:stream\//, '');
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-event-example */
  private recordOf(
    shardId: string,
    { SequenceNumber = '', PartitionKey = '', Data, ApproximateArrivalTimestamp }: _Record,
  ): StreamRecord {
    const arrivedAt = ApproximateArrivalTimestamp?.getTime() ?? 0;
    const kinesis = {
      kinesisSchemaVersion: '1.0',
      partitionKey: PartitionKey,
      sequenceNumber: SequenceNumber,
      data: Buffer.from(Data ?? []).toString('base64'),
      approximateArrivalTimestamp: arrivedAt / 1_000,
    };
    const event = {
      kinesis,
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${SequenceNumber}`,
      eventName: 'aws:kinesis:record',
      awsRegion: this.streamArn.split(':')[3] ?? '',
      eventSourceARN: this.streamArn,
    };
    return { sequenceNumber: SequenceNumber, partitionKey: PartitionKey, arrivedAt, event };
  }
}
