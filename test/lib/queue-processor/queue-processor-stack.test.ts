import { Match, type Template } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';
import { queueProcessorSettings } from '../../../lib/queue-processor/queue-processor-settings';

const template = synthesize().template('QueueProcessor');

/** Returns the logical id of the only resource of a type whose id has this prefix. */
function idOf(type: string, start: string, of: Template = template): string {
  const ids = Object.keys(of.findResources(type)).filter((id) => id.startsWith(start));
  expect(ids).toHaveLength(1);
  return ids[0]!;
}

const ordersId = idOf('AWS::SQS::Queue', 'OrdersQueue');
const deadLettersId = idOf('AWS::SQS::Queue', 'OrdersDeadLetters');
const fulfilOrderId = idOf('AWS::Lambda::Function', 'FulfilOrder');
const redriveId = idOf('AWS::Lambda::Function', 'RedriveDeadLetters');
const payloadsId = idOf('AWS::S3::Bucket', 'Payloads');
const tableId = (start: string) => idOf('AWS::DynamoDB::GlobalTable', `Tables${start}`);
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

it('a message becomes a dead letter after five failed receives and is kept for 14 days', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    MessageRetentionPeriod: 345_600,
    RedrivePolicy: { deadLetterTargetArn: arn(deadLettersId), maxReceiveCount: 5 },
  });
  const { Properties } = template.findResources('AWS::SQS::Queue')[deadLettersId] as { Properties: object };
  expect(Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
});

it('only Orders may use its dead-letter queue', () => {
  const queues = template.findResources('AWS::SQS::Queue');
  const { QueueName } = (queues[ordersId] as { Properties: { QueueName: unknown } }).Properties;
  expect(queues[deadLettersId]).toMatchObject({
    Properties: {
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        sourceQueueArns: [{ 'Fn::Join': ['', expect.arrayContaining([':sqs:', QueueName]) as unknown] }],
      },
    },
  });
  // By its name: CloudFormation refuses two resources that refer to each other.
  expect(JSON.stringify(queues[deadLettersId])).not.toContain(ordersId);
});

it('the queue name differs from that of a deleted stack of the same name', () => {
  const { QueueName } = (template.findResources('AWS::SQS::Queue')[ordersId] as { Properties: { QueueName: object } })
    .Properties;
  expect(JSON.stringify(QueueName)).toContain('"Ref":"AWS::StackId"');
});

it('FulfilOrder receives as many messages as its settings say, and returns only failed ones', () => {
  const { batchSize, batchingWindowSeconds, maximumConcurrency } = queueProcessorSettings.parse({});
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: arn(ordersId),
    FunctionName: { Ref: fulfilOrderId },
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: batchingWindowSeconds,
    ScalingConfig: { MaximumConcurrency: maximumConcurrency },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

it.each([
  [{ timeoutSeconds: 20 }, 120],
  [{ timeoutSeconds: 30, batchSize: 100, batchingWindowSeconds: 5 }, 185],
])('with %j a message is hidden for six timeouts and the window, %i seconds', (settings, seconds) => {
  synthesize({ 'queue-processor': settings })
    .template('QueueProcessor')
    .hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: seconds });
});

it('each function has exactly the permissions that it uses', () => {
  const granted = (role: string) =>
    Object.values(template.findResources('AWS::IAM::Policy'))
      .map((policy) => (policy as { Properties: { Roles: { Ref: string }[]; PolicyDocument: Document } }).Properties)
      .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(role)))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Effect, Action, Resource }) =>
        [Resource]
          .flat()
          .flatMap((resource) => [Action].flat().map((action) => `${Effect} ${action} on ${JSON.stringify(resource)}`)),
      )
      .sort();
  interface Document {
    Statement: { Effect: string; Action: string | string[]; Resource: unknown }[];
  }
  const on = (id: string) => JSON.stringify(arn(id));
  const ownLogs = (start: string) => {
    const logs = on(idOf('AWS::Logs::LogGroup', start));
    return [
      `Allow logs:CreateLogStream on ${logs}`,
      `Allow logs:PutLogEvents on ${logs}`,
      'Allow xray:PutTelemetryRecords on "*"',
      'Allow xray:PutTraceSegments on "*"',
    ];
  };

  expect(granted('FulfilOrderRole')).toEqual(
    [
      ...ownLogs('FulfilOrder'),
      `Allow sqs:ReceiveMessage on ${on(ordersId)}`,
      `Allow sqs:DeleteMessage on ${on(ordersId)}`,
      `Allow sqs:GetQueueAttributes on ${on(ordersId)}`,
      `Allow sqs:ChangeMessageVisibility on ${on(ordersId)}`,
      `Allow dynamodb:PutItem on ${on(tableId('Fulfilments'))}`,
      `Allow dynamodb:PutItem on ${on(tableId('FailureReasons'))}`,
      `Allow dynamodb:UpdateItem on ${on(tableId('Stock'))}`,
      `Allow s3:GetObject on {"Fn::Join":["",[${on(payloadsId)},"/*"]]}`,
      `Allow s3:ListBucket on ${on(payloadsId)}`,
    ].sort(),
  );
  expect(granted('RedriveDeadLettersRole')).toEqual(
    [
      ...ownLogs('RedriveDeadLetters'),
      `Allow sqs:ReceiveMessage on ${on(deadLettersId)}`,
      `Allow sqs:DeleteMessage on ${on(deadLettersId)}`,
      `Allow sqs:ChangeMessageVisibility on ${on(deadLettersId)}`,
      `Allow sqs:GetQueueAttributes on ${on(deadLettersId)}`,
      `Allow sqs:SendMessage on ${on(ordersId)}`,
      `Allow dynamodb:BatchGetItem on ${on(tableId('FailureReasons'))}`,
    ].sort(),
  );
});

it('the mapping is created after the permissions that Lambda checks at its creation', () => {
  const functions = template.findResources('AWS::Lambda::Function');
  const { DependsOn } = functions[fulfilOrderId] as { DependsOn: string[] };
  expect(DependsOn).toContain(idOf('AWS::IAM::Policy', 'FulfilOrderRole'));
});

it('tables have their documented keys, and failure reasons expire', () => {
  const keys = (start: string) => {
    const table = template.findResources('AWS::DynamoDB::GlobalTable')[tableId(start)] as {
      Properties: { KeySchema: unknown; TimeToLiveSpecification?: unknown };
    };
    return [table.Properties.KeySchema, table.Properties.TimeToLiveSpecification];
  };
  expect(keys('Fulfilments')).toEqual([[{ AttributeName: 'orderId', KeyType: 'HASH' }], undefined]);
  expect(keys('Stock')).toEqual([[{ AttributeName: 'sku', KeyType: 'HASH' }], undefined]);
  expect(keys('FailureReasons')).toEqual([
    [{ AttributeName: 'messageId', KeyType: 'HASH' }],
    { AttributeName: 'expiresAt', Enabled: true },
  ]);
});

it('alarms watch the first dead letter, those that wait for days, and an order older than 15 minutes', () => {
  const watched = (queue: string) =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .map((alarm) => (alarm as { Properties: Record<string, unknown> }).Properties)
      .filter(({ Dimensions }) => JSON.stringify(Dimensions ?? []).includes(`"${queue}"`))
      .map(({ MetricName, Threshold, Period, EvaluationPeriods }) =>
        [MetricName, Threshold, `${Number(Period) * Number(EvaluationPeriods)} s`].join(' '),
      )
      .sort();
  expect(watched(deadLettersId)).toEqual([
    'ApproximateNumberOfMessagesVisible 1 432000 s',
    'ApproximateNumberOfMessagesVisible 1 60 s',
  ]);
  expect(watched(ordersId)).toEqual(['ApproximateAgeOfOldestMessage 900 180 s']);
});

it('payloads are deleted after 90 days, longer than a message can wait', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([Match.objectLike({ Id: 'ForgetPayloads', ExpirationInDays: 90, Status: 'Enabled' })]),
    },
  });
});

it('the redrive function has its queues and its table in the environment', () => {
  const { Properties } = template.findResources('AWS::Lambda::Function')[redriveId] as {
    Properties: { Environment: { Variables: object } };
  };
  expect(Properties.Environment.Variables).toMatchObject({
    ORDERS_QUEUE_URL: { Ref: ordersId },
    DEAD_LETTER_QUEUE_URL: { Ref: deadLettersId },
    FAILURE_REASONS_TABLE_NAME: { Ref: tableId('FailureReasons') },
  });
});

it.each([
  ['sandbox', {}, 0],
  ['prod', {}, 1],
  ['sandbox', { dashboard: true }, 1],
  ['prod', { dashboard: false }, 0],
])('in %s with %j there are %i dashboards', (stage, settings, count) => {
  synthesize({ stage, 'queue-processor': settings })
    .template('QueueProcessor')
    .resourceCountIs('AWS::CloudWatch::Dashboard', count);
});

it('the outputs are those that other systems rely on', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'AlarmTopicArn',
    'DeadLetterQueueUrl',
    'FulfilOrderFunctionName',
    'FulfilmentsTableName',
    'OrdersQueueUrl',
    'PayloadBucketName',
    'RedriveFunctionName',
    'StockTableName',
  ]);
});

describe('with FIFO', () => {
  const fifo = synthesize({ 'queue-processor': { fifo: true } }).template('QueueProcessor');

  it('both queues are FIFO, and the sender sets the deduplication id', () => {
    fifo.allResourcesProperties('AWS::SQS::Queue', { FifoQueue: true });
    fifo.hasResourceProperties('AWS::SQS::Queue', {
      ContentBasedDeduplication: false,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      QueueName: { 'Fn::Join': ['', Match.arrayWith(['.fifo'])] },
    });
  });

  it('there is no batching window, which Lambda refuses for a FIFO queue', () => {
    fifo.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: Match.absent(),
    });
  });
});

templatesChangeOnlyOnPurpose('QueueProcessor', [{ stage: 'prod' }, { 'queue-processor': { fifo: true } }]);
