import type { JsonObject, Template } from './localize/assembly';
import { isObject, listOf } from './localize/assembly';

/** Something that a local run cannot prove about an architecture. */
export interface Limit {
  readonly topic: string;
  readonly sentence: string;
}

interface KnownLimit extends Limit {
  /** Resource types that it concerns. */
  readonly appliesTo: readonly string[];
  /** Narrows it to resources with certain properties. */
  readonly when?: (properties: JsonObject) => boolean;
}

const known: readonly KnownLimit[] = [
  {
    topic: 'speed and memory',
    appliesTo: ['AWS::Lambda::Function'],
    sentence:
      "A function has all of this machine's cores, and of its memory setting only the JavaScript heap follows: durations, memory peaks and cold starts are not those of AWS.",
  },
  {
    topic: 'tracing',
    appliesTo: ['AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine'],
    when: (properties) =>
      field(properties, 'TracingConfig', 'Mode') === 'Active' ||
      field(properties, 'TracingConfiguration', 'Enabled') === true,
    sentence: 'Nothing collects X-Ray traces: that tracing is on is proved by the template alone.',
  },
  {
    topic: 'asynchronous invocations',
    appliesTo: ['AWS::Lambda::EventInvokeConfig'],
    sentence:
      'Retries come after one and two seconds instead of one and two minutes, events never wait in a queue or grow too old, and the record at the destination always says three attempts and RetriesExhausted.',
  },
  {
    topic: 'alarms',
    appliesTo: ['AWS::CloudWatch::Alarm'],
    sentence:
      'Alarms see neither dimensions nor the metrics of queues and functions: that an alarm watches a metric which exists is proved by the gates, its threshold, action and message by a figure that a proof writes.',
  },
  {
    topic: 'alarms',
    appliesTo: ['AWS::CloudWatch::CompositeAlarm'],
    sentence: 'Composite alarms are left out of the local stack: they are proved by the template alone.',
  },
  {
    topic: 'metric filters',
    appliesTo: ['AWS::Logs::MetricFilter'],
    sentence: 'Metric filters count nothing: they are proved by the template alone.',
  },
  {
    topic: 'lifecycle rules',
    appliesTo: ['AWS::S3::Bucket'],
    when: (properties) => properties['LifecycleConfiguration'] !== undefined,
    sentence: 'Lifecycle rules are kept but never run: nothing expires, and no event says that something has.',
  },
  {
    topic: 'access logs',
    appliesTo: ['AWS::S3::Bucket'],
    when: (properties) => properties['LoggingConfiguration'] !== undefined,
    sentence: 'Server access logs are not written.',
  },
  {
    topic: 'missing keys',
    appliesTo: ['AWS::S3::Bucket'],
    sentence:
      'A key that is not there is answered 404 with or without s3:ListBucket, where AWS answers 403 without it: the right is proved by the template.',
  },
  {
    topic: 'roles of services',
    appliesTo: [
      'AWS::StepFunctions::StateMachine',
      'AWS::Scheduler::Schedule',
      'AWS::Events::Rule',
      'AWS::Lambda::EventSourceMapping',
    ],
    sentence:
      'The roles with which services act (state machines, schedules, rules, event source mappings) are not checked: their exact actions are proved by the template.',
  },
  {
    topic: 'state machines',
    appliesTo: ['AWS::StepFunctions::StateMachine'],
    sentence:
      "A machine's own timeout, heartbeats, logs and redrive do not happen; task timeouts do, and carry the proof.",
  },
  {
    topic: 'delivery to functions',
    appliesTo: ['AWS::Events::Rule', 'AWS::SNS::Subscription'],
    sentence: 'EventBridge and SNS try a function once and know no dead-letter queue.',
  },
  {
    topic: 'schedules',
    appliesTo: ['AWS::Scheduler::Schedule'],
    sentence: 'The scheduler has no dead-letter queue, and its scheduled-time placeholder was filled in at deployment.',
  },
  {
    topic: 'streams',
    appliesTo: ['AWS::Lambda::EventSourceMapping'],
    when: (properties) => /stream|kinesis/i.test(JSON.stringify(properties['EventSourceArn'] ?? '')),
    sentence: 'Partial batch responses of streams are lost and nothing is bisected: a poison record blocks its shard.',
  },
  {
    topic: 'network',
    appliesTo: ['AWS::EC2::VPC', 'AWS::Lambda::Function'],
    when: (properties) => properties['CidrBlock'] !== undefined || properties['VpcConfig'] !== undefined,
    sentence: 'There is no network: functions reach everything, whatever subnets and security groups say.',
  },
  {
    topic: 'database',
    appliesTo: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::RDS::DBProxy'],
    sentence:
      'A real server and a stand-in for RDS Proxy take the place of RDS: the server decides about TLS, rotation, backups and failover of RDS, and the network about security groups, so these are proved by the template alone.',
  },
  {
    topic: 'request validation',
    appliesTo: ['AWS::ApiGateway::RequestValidator'],
    sentence: 'API Gateway lets every request through to the function: request validators are proved by the template.',
  },
  {
    topic: 'file systems',
    appliesTo: ['AWS::EFS::FileSystem'],
    sentence: 'A local folder stands in for the file system.',
  },
  {
    topic: 'container images',
    appliesTo: ['AWS::Lambda::Function'],
    when: (properties) => properties['PackageType'] === 'Image',
    sentence: 'Functions from container images need Docker and are not run.',
  },
];

/** What a local run cannot prove about the architecture with this template, as synthesized for AWS. */
export function limitsOf(template: Template): Limit[] {
  const resources = Object.values(template.Resources);
  return known
    .filter(({ appliesTo, when }) =>
      resources.some(({ Type, Properties }) => appliesTo.includes(Type) && (when?.(Properties ?? {}) ?? true)),
    )
    .map(({ topic, sentence }) => ({ topic, sentence }));
}

function field(properties: JsonObject, outer: string, inner: string): unknown {
  const [value] = listOf(properties[outer]);
  return isObject(value) ? value[inner] : undefined;
}
