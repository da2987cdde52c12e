import { asArray, resourcesIn, type Template } from '../template/template';
import type { Need } from '../template/grants';

/** Service that assumes no role, and its action: `events.amazonaws.com sqs:SendMessage Queue`. */
export type ServiceNeed = `${string} ${Need}`;

type Properties = Readonly<Record<string, unknown>>;

/** Actions of rules, notifications, API methods, subscriptions and alarms on queues, functions and topics, from their targets. */
export function needsOfSenders({ Resources }: Template): ReadonlySet<ServiceNeed> {
  const sending = (service: string, to: unknown): ServiceNeed[] =>
    resourcesIn(to).map((id) => `${service}.amazonaws.com ${actionOn(Resources[id]?.Type)} ${id}` as const);
  const needs = Object.values(Resources).flatMap(({ Type, Properties = {} }): ServiceNeed[] => {
    if (Type === 'AWS::Events::Rule') {
      const targets = asArray(Properties['Targets']) as Properties[];
      return targets
        .flatMap(({ Arn, DeadLetterConfig, RoleArn }) => [...(RoleArn === undefined ? [Arn] : []), DeadLetterConfig])
        .flatMap((to) => sending('events', to));
    }
    if (Type === 'AWS::S3::Bucket') {
      const { LambdaConfigurations, QueueConfigurations, TopicConfigurations } = (Properties[
        'NotificationConfiguration'
      ] ?? {}) as Properties;
      return [LambdaConfigurations, QueueConfigurations, TopicConfigurations].flatMap((to) => sending('s3', to));
    }
    if (Type === 'AWS::ApiGateway::Method') {
      return sending('apigateway', (Properties['Integration'] as Properties | undefined)?.['Uri']);
    }
    if (Type === 'AWS::ApiGatewayV2::Integration') return sending('apigateway', Properties['IntegrationUri']);
    if (Type === 'AWS::SNS::Subscription') {
      const { Protocol, Endpoint, RedrivePolicy } = Properties;
      return [...(Protocol === 'sqs' ? [Endpoint] : []), RedrivePolicy].flatMap((to) => sending('sns', to));
    }
    if (Type === 'AWS::CloudWatch::Alarm' || Type === 'AWS::CloudWatch::CompositeAlarm') {
      const { AlarmActions, OKActions, InsufficientDataActions } = Properties;
      return [AlarmActions, OKActions, InsufficientDataActions].flatMap((to) => sending('cloudwatch', to));
    }
    return [];
  });
  return new Set(needs);
}

/** Actions that the policies of queues and topics, and the permissions of functions, allow to services. */
export function grantsToSenders({ Resources }: Template): ReadonlySet<ServiceNeed> {
  const grants = Object.values(Resources).flatMap(({ Type, Properties = {} }): ServiceNeed[] => {
    if (Type === 'AWS::Lambda::Permission') {
      const { Principal, Action, FunctionName } = Properties;
      return resourcesIn(FunctionName).map((id) => `${String(Principal)} ${String(Action)} ${id}` as const);
    }
    if (Type === 'AWS::SQS::QueuePolicy' || Type === 'AWS::SNS::TopicPolicy') {
      const { Statement } = (Properties['PolicyDocument'] ?? {}) as { Statement?: unknown };
      return (asArray(Statement) as Properties[]).flatMap(allowedIn);
    }
    return [];
  });
  return new Set(grants);
}

/**
 * Actions for which Lambda uses a function's own role: polling its event sources, and sending to its on-failure destination.
 *
 * @returns by the function's logical id
 */
export function needsOfPolling({ Resources }: Template): ReadonlyMap<string, ReadonlySet<Need>> {
  const needs = new Map<string, Set<Need>>();
  for (const { Type, Properties = {} } of Object.values(Resources)) {
    const [id] = resourcesIn(Properties['FunctionName']);
    if (id === undefined) continue;
    const polled = Type === 'AWS::Lambda::EventSourceMapping' ? resourcesIn(Properties['EventSourceArn']) : [];
    const failed = Type === 'AWS::Lambda::EventSourceMapping' ? resourcesIn(Properties['DestinationConfig']) : [];
    const sentTo = Type === 'AWS::Lambda::EventInvokeConfig' ? resourcesIn(Properties['DestinationConfig']) : [];
    const more = [
      ...polled.flatMap((source) => needsOfSource(Resources, source)),
      ...failed.flatMap((to) => destinationActions(Resources[to]?.Type).map((action) => `${action} ${to}`)),
      ...sentTo.map((to) => `${actionOn(Resources[to]?.Type)} ${to}`),
    ];
    if (more.length > 0) needs.set(id, new Set([...(needs.get(id) ?? []), ...more]));
  }
  return needs;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const polling = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html, …/services-ddb-pipes.html */
const reading = {
  kinesis: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'],
  consumer: ['DescribeStreamConsumer', 'SubscribeToShard'],
  dynamodb: ['DescribeStream', 'GetRecords', 'GetShardIterator'],
} as const;

function needsOfSource(resources: Template['Resources'], source: string): Need[] {
  switch (resources[source]?.Type) {
    case 'AWS::Kinesis::Stream':
      return reading.kinesis.map((action) => `kinesis:${action} ${source}`);
    case 'AWS::Kinesis::StreamConsumer': {
      const streams = resourcesIn(resources[source].Properties?.['StreamARN']);
      const own = reading.consumer.map((action) => `kinesis:${action} ${source}`);
      return [...own, ...streams.flatMap((stream) => needsOfSource(resources, stream))];
    }
    case 'AWS::DynamoDB::GlobalTable':
      return [...reading.dynamodb.map((action) => `dynamodb:${action} ${source}`), 'dynamodb:ListStreams *'];
    default:
      return polling.map((action) => `sqs:${action} ${source}`);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
function destinationActions(type: string | undefined): string[] {
  return type === 'AWS::S3::Bucket' ? ['s3:PutObject', 's3:ListBucket'] : [actionOn(type)];
}

function allowedIn({ Effect, Principal, Action, Resource }: Properties): ServiceNeed[] {
  if (Effect !== 'Allow') return [];
  const services = asArray((Principal as { Service?: unknown } | undefined)?.Service);
  return services.flatMap((service) =>
    asArray(Action).flatMap((action) =>
      resourcesIn(Resource).map((id) => `${String(service)} ${String(action)} ${id}` as const),
    ),
  );
}

/** @throws Error on an unknown type of target */
function actionOn(type: string | undefined): string {
  switch (type) {
    case 'AWS::SQS::Queue':
      return 'sqs:SendMessage';
    case 'AWS::SNS::Topic':
      return 'sns:Publish';
    case 'AWS::Lambda::Function':
    case 'AWS::Lambda::Alias':
      return 'lambda:InvokeFunction';
    default:
      throw new Error(
        `unknown type of target '${type ?? 'nothing'}': add it to tools/permissions/resource-policies.ts`,
      );
  }
}
