import { Match, type Template } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';

const template = synthesize().template('StreamProcessor');
const optional = synthesize({ 'stream-processor': { enhancedFanOut: true, onDemand: true } }).template(
  'StreamProcessor',
);

/** Properties of the event source mapping whose logical id begins so. */
function mappingOf(start: string, of: Template = template): Record<string, unknown> {
  const [found] = Object.entries(of.findResources('AWS::Lambda::EventSourceMapping')).filter(([id]) =>
    id.startsWith(start),
  );
  const [, mapping] = found ?? [start, { Properties: {} }];
  return (mapping as { Properties: Record<string, unknown> }).Properties;
}

it.each(['ReadingsToAggregateReadings', 'AccountsToProjectChanges'])(
  '%s isolates a record, retries it a few times, and keeps it as a whole in Failures',
  (start) => {
    const [failures] = Object.keys(template.findResources('AWS::S3::Bucket')).filter((id) => id.startsWith('Failures'));
    expect(mappingOf(start)).toMatchObject({
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 3_600,
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [failures, 'Arn'] } } },
      MetricsConfig: { Metrics: ['EventCount'] },
    });
  },
);

it('only the change stream is filtered: on Kinesis, a filter drops what is no JSON', () => {
  expect(mappingOf('ReadingsToAggregateReadings')).not.toHaveProperty('FilterCriteria');
  expect(mappingOf('AccountsToProjectChanges')).toMatchObject({
    FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT', 'MODIFY'] }) }] },
  });
});

it('the stream has one encrypted shard by default', () => {
  template.hasResourceProperties('AWS::Kinesis::Stream', {
    ShardCount: 1,
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    StreamEncryption: { EncryptionType: 'KMS' },
  });
});

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html
it('on demand, the stream has no number of shards', () => {
  optional.hasResourceProperties('AWS::Kinesis::Stream', {
    ShardCount: Match.absent(),
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
it('with enhanced fan-out, the mapping reads a consumer of the stream and may subscribe to its shards', () => {
  const [consumer = ''] = Object.keys(optional.findResources('AWS::Kinesis::StreamConsumer'));
  const [stream = ''] = Object.keys(optional.findResources('AWS::Kinesis::Stream'));
  const [arn, streamArn] = [{ 'Fn::GetAtt': [consumer, 'ConsumerARN'] }, { 'Fn::GetAtt': [stream, 'Arn'] }];
  optional.hasResourceProperties('AWS::Kinesis::StreamConsumer', { StreamARN: streamArn });
  expect(mappingOf('ReadingsToAggregateReadings', optional)).toMatchObject({
    EventSourceArn: arn,
    StartingPosition: 'TRIM_HORIZON',
    ParallelizationFactor: 1,
  });
  // Both actions take consumers only; what describes the stream stays on the stream.
  const statements = statementsOf('AggregateReadings', optional);
  expect(statements.find(({ Action }) => Action.includes('kinesis:SubscribeToShard'))).toMatchObject({
    Action: ['kinesis:DescribeStreamConsumer', 'kinesis:SubscribeToShard'],
    Resource: arn,
  });
  expect(statements.find(({ Action }) => Action.includes('kinesis:ListShards'))?.Resource).toEqual(streamArn);
});

it('the function URL takes signed requests only', () => {
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
});

it('events and messages that RecordReading cannot record go to one queue', () => {
  const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
  const deadLetters = queues.find((id) => id.startsWith('ReadingsQueueDeadLetters'));
  const arn = { 'Fn::GetAtt': [deadLetters, 'Arn'] };
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: arn } },
  });
  template.hasResourceProperties('AWS::SQS::Queue', {
    RedrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 3 },
  });
});

it('each function has exactly the permissions that it uses', () => {
  const own = (name: string) => actionsOf(name, template).filter((action) => !/^(logs|xray):/.test(action));
  expect(own('AggregateReadings')).toEqual([
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    's3:ListBucket',
    's3:PutObject',
  ]);
  expect(own('ProjectChanges')).toEqual([
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    'dynamodb:PutItem',
    'events:PutEvents',
    's3:ListBucket',
    's3:PutObject',
  ]);
  expect(own('RecordReading')).toEqual([
    'kinesis:PutRecords',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'sqs:SendMessage',
  ]);
});

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** Statements of the role whose logical id begins so. */
function statementsOf(start: string, of: Template): Statement[] {
  const policies = Object.values(of.findResources('AWS::IAM::Policy')) as {
    Properties: { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } };
  }[];
  return policies
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }) => Ref.startsWith(`${start}Role`)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/** Actions of that role, each once. */
function actionsOf(start: string, of: Template): string[] {
  return [...new Set(statementsOf(start, of).flatMap(({ Action }) => Action))].sort();
}

templatesChangeOnlyOnPurpose('StreamProcessor', [{ stage: 'prod' }]);
