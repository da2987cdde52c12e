import type { JsonObject, Template } from './localize/assembly';
import { isObject, listOf } from './localize/assembly';

/** Property of an architecture that a local run cannot show. */
export interface Limit {
  readonly topic: string;
  readonly sentence: string;
}

interface KnownLimit extends Limit {
  /** Resource types that have it. */
  readonly appliesTo: readonly string[];
  /** Condition on the properties of these resources. */
  readonly when?: (properties: JsonObject) => boolean;
}

const known: readonly KnownLimit[] = [
  {
    topic: 'speed and memory',
    appliesTo: ['AWS::Lambda::Function'],
    sentence:
      "A function uses all of this machine's cores, and its memory setting limits only the JavaScript heap: durations, memory use and cold starts differ from AWS.",
  },
  {
    topic: 'tracing',
    appliesTo: ['AWS::Lambda::Function', 'AWS::StepFunctions::StateMachine'],
    when: (properties) =>
      field(properties, 'TracingConfig', 'Mode') === 'Active' ||
      field(properties, 'TracingConfiguration', 'Enabled') === true,
    sentence: 'X-Ray traces are not collected: template tests check that tracing is on.',
  },
  {
    topic: 'asynchronous invocations',
    appliesTo: ['AWS::Lambda::EventInvokeConfig'],
    sentence:
      'Retries come after 1 and 2 seconds instead of 1 and 2 minutes, events never expire, and the record at the destination always names three attempts and RetriesExhausted.',
  },
  {
    topic: 'alarms',
    appliesTo: ['AWS::CloudWatch::Alarm'],
    sentence:
      'Alarms are evaluated only against metrics that proofs publish, without dimensions: proofs check threshold, action and message, gates check that the metric exists.',
  },
  {
    topic: 'alarms',
    appliesTo: ['AWS::CloudWatch::CompositeAlarm'],
    sentence: 'Composite alarms are not deployed: template tests check them.',
  },
  {
    topic: 'metric filters',
    appliesTo: ['AWS::Logs::MetricFilter'],
    sentence: 'Metric filters do not count: template tests check them.',
  },
  {
    topic: 'lifecycle rules',
    appliesTo: ['AWS::S3::Bucket'],
    when: (properties) => properties['LifecycleConfiguration'] !== undefined,
    sentence: 'Lifecycle rules do not run: nothing expires, and there are no expiration events.',
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
      'A missing key is a 404 even without s3:ListBucket, where AWS answers 403: template tests check the permission.',
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
      'Roles of services (state machines, schedules, rules, event source mappings) are not enforced: template tests check their actions.',
  },
  {
    topic: 'state machines',
    appliesTo: ['AWS::StepFunctions::StateMachine'],
    sentence: "A state machine's own timeout, heartbeats, logs and redrive do not work; task timeouts do.",
  },
  {
    topic: 'delivery to functions',
    appliesTo: ['AWS::Events::Rule', 'AWS::SNS::Subscription'],
    sentence: 'EventBridge and SNS invoke a function once and have no dead-letter queue.',
  },
  {
    topic: 'schedules',
    appliesTo: ['AWS::Scheduler::Schedule'],
    sentence:
      'EventBridge Scheduler has no dead-letter queue; its scheduled-time placeholder is replaced at deployment.',
  },
  {
    topic: 'streams',
    appliesTo: ['AWS::Lambda::EventSourceMapping'],
    when: (properties) => /stream|kinesis/i.test(JSON.stringify(properties['EventSourceArn'] ?? '')),
    sentence:
      'A poller of our own carries out event source mappings of streams as AWS documents them. Spacing of retries, and whether a partial response resets their number, are not documented and assumed; records leave closed shards of the emulator with the shard.',
  },
  {
    topic: 'EC2',
    appliesTo: ['AWS::IAM::Policy'],
    when: (properties) =>
      /"ec2:(RunInstances|DeleteVolume|CreateSnapshot|CreateTags)"/.test(JSON.stringify(properties)),
    sentence:
      'EC2 has no machines and no disks. A proxy adds client tokens, dry runs, pages, filters and intermediate states; conditions on tags in policies are not evaluated: template tests check them.',
  },
  {
    topic: 'network',
    appliesTo: ['AWS::EC2::VPC', 'AWS::Lambda::Function'],
    when: (properties) => properties['CidrBlock'] !== undefined || properties['VpcConfig'] !== undefined,
    sentence: 'VPCs are not emulated: functions reach every address, whatever subnets and security groups allow.',
  },
  {
    topic: 'database',
    appliesTo: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::RDS::DBProxy'],
    sentence:
      'A real database server and a stand-in for RDS Proxy replace RDS: TLS settings, rotation, backups and failover of RDS are checked by template tests only.',
  },
  {
    topic: 'API Gateway',
    appliesTo: ['AWS::ApiGateway::RestApi'],
    sentence:
      'API Gateway has no WAF, access logs or limits of 10 MB and 29 seconds, answers a malformed response of a function with 200, and does not check its permission to invoke: template tests check them.',
  },
  {
    topic: 'Cognito',
    appliesTo: ['AWS::Cognito::UserPool'],
    sentence: 'Cognito sends no mail and checks neither multi-factor authentication nor compromised passwords.',
  },
  {
    topic: 'file systems',
    appliesTo: ['AWS::EFS::FileSystem'],
    sentence: 'A local folder replaces the file system.',
  },
  {
    topic: 'container images',
    appliesTo: ['AWS::Lambda::Function'],
    when: (properties) => properties['PackageType'] === 'Image',
    sentence: 'A function of a container image runs its handler on this machine; no image is built.',
  },
];

/** Properties of an architecture that a local run cannot show, from its template as synthesized for AWS. */
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
