import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type AttributeValue,
  type DynamoDBStreamsClient,
  type Shard as DynamoDBShard,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import type { Position, Shard, StreamRecord, StreamSource } from './stream-source';

/** Largest page that DynamoDB Streams returns. */
const pageLimit = 1_000;

/** Change stream of a table by the ARN of a mapping. */
export class DynamoDBSource implements StreamSource {
  constructor(
    private readonly client: Pick<DynamoDBStreamsClient, 'send'>,
    private readonly streamArn: string,
  ) {}

  async shards(): Promise<readonly Shard[]> {
    const found: DynamoDBShard[] = [];
    let ExclusiveStartShardId: string | undefined;
    do {
      const { StreamDescription } = await this.client.send(
        new DescribeStreamCommand({ StreamArn: this.streamArn, ExclusiveStartShardId }),
      );
      found.push(...(StreamDescription?.Shards ?? []));
      ExclusiveStartShardId = StreamDescription?.LastEvaluatedShardId;
    } while (ExclusiveStartShardId !== undefined);
    const ids = new Set(found.map(({ ShardId }) => ShardId));
    return found.map(({ ShardId = '', ParentShardId }) => ({
      id: ShardId,
      parents: ParentShardId !== undefined && ids.has(ParentShardId) ? [ParentShardId] : [],
    }));
  }

  async iterator(ShardId: string, position: Position): Promise<string> {
    const { ShardIterator = '' } = await this.client.send(
      new GetShardIteratorCommand({
        StreamArn: this.streamArn,
        ShardId,
        ...('after' in position
          ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.after }
          : { ShardIteratorType: position.type }),
      }),
    );
    return ShardIterator;
  }

  async read(_shardId: string, iterator: string, limit: number) {
    const { Records = [], NextShardIterator } = await this.client.send(
      new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, pageLimit) }),
    );
    return { records: Records.map((record) => this.recordOf(record)), next: NextShardIterator ?? undefined };
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html#events-sample-dynamodb */
  private recordOf(record: _Record): StreamRecord {
    const { eventID, eventName, eventVersion, eventSource, awsRegion, dynamodb = {} } = record;
    const arrivedAt = dynamodb.ApproximateCreationDateTime?.getTime() ?? 0;
    const { Keys = {}, NewImage, OldImage, SequenceNumber = '', SizeBytes, StreamViewType } = dynamodb;
    const change = {
      ApproximateCreationDateTime: arrivedAt / 1_000,
      Keys: jsonOf(Keys),
      ...(NewImage === undefined ? {} : { NewImage: jsonOf(NewImage) }),
      ...(OldImage === undefined ? {} : { OldImage: jsonOf(OldImage) }),
      SequenceNumber,
      SizeBytes,
      StreamViewType,
    };
    const event = { eventID, eventName, eventVersion, eventSource, awsRegion, dynamodb: change };
    return {
      sequenceNumber: SequenceNumber,
      partitionKey: JSON.stringify(Keys),
      arrivedAt,
      event: { ...event, eventSourceARN: this.streamArn },
    };
  }
}

/** Item as an event has it: binary values are base64. */
function jsonOf(item: Readonly<Record<string, AttributeValue>>): unknown {
  return JSON.parse(
    JSON.stringify(item, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  );
}
