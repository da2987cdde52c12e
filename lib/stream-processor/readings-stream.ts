import { Duration, Stack } from 'aws-cdk-lib';
import { CfnStreamConsumer, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import type { ServiceFunction } from '../constructs/service-function';
import type { StreamProcessorSettings } from './stream-processor-settings';

export interface ReadingsStreamProps {
  readonly config: Config;
  readonly settings: StreamProcessorSettings;
}

/** Stream of readings, and its consumer with a throughput of its own if one is configured. */
export class ReadingsStream extends Construct {
  readonly stream: Stream;
  private readonly consumer: CfnStreamConsumer | undefined;

  constructor(scope: Construct, id: string, props: ReadingsStreamProps) {
    super(scope, id);
    const { config, settings } = props;
    this.stream = new Stream(this, 'Default', {
      ...(settings.onDemand
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: settings.shards }),
      retentionPeriod: Duration.hours(settings.retentionHours),
      encryption: StreamEncryption.MANAGED,
      removalPolicy: dataRemovalPolicy(config),
    });
    if (settings.enhancedFanOut) {
      this.consumer = new CfnStreamConsumer(this, 'Consumer', {
        consumerName: `${Stack.of(this).stackName}-AggregateReadings`,
        streamArn: this.stream.streamArn,
      });
    }
  }

  /** ARN that an event source mapping reads. */
  get sourceArn(): string {
    return this.consumer?.attrConsumerArn ?? this.stream.streamArn;
  }

  /** Allows a function's event source mapping to read: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html */
  allowReading(reader: ServiceFunction): void {
    const reading = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'];
    reader.allow(
      reading.map((action) => `kinesis:${action}`),
      this.stream.streamArn,
    );
    if (this.consumer !== undefined) {
      reader.allow(['kinesis:DescribeStreamConsumer', 'kinesis:SubscribeToShard'], this.consumer.attrConsumerArn);
    }
  }
}
