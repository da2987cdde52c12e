import { synthesize } from '../synthesis';
import { accessRules } from './access-rules';
import { alarmRules } from './alarm-rules';
import { dataRules } from './data-rules';
import { databaseRules } from './database-rules';
import { functionRules } from './function-rules';
import type { Resource, Rule, Subject } from './rule';

type Resources = Record<string, Resource>;

const rules = [...functionRules, ...accessRules, ...dataRules, ...databaseRules, ...alarmRules];
const sound = synthesize({ stage: 'prod' }).template('ImageResize').toJSON() as {
  Resources: Resources;
  Outputs: object;
};

function subject(resources: Resources, outputs: object = sound.Outputs): Subject {
  return {
    id: 'ImageResize',
    slug: 'image-resize',
    stage: 'prod',
    resources: new Map(Object.entries(resources)),
    outputs: new Map(Object.entries(outputs)),
  };
}

/** The sound template, with every resource of a type changed. */
function changed(
  type: string,
  change: (properties: Record<string, never>, resource: Record<string, unknown>) => unknown,
): Subject {
  const resources = structuredClone(sound.Resources);
  for (const resource of Object.values(resources)) {
    if (resource.Type === type) change((resource.Properties ?? {}) as Record<string, never>, resource as never);
  }
  return subject(resources);
}

/** The sound template with more in it. */
function extended(more: Resources): Subject {
  return subject({ ...structuredClone(sound.Resources), ...more });
}

function policy(statement: object, role = 'SomeRole'): Resources {
  return {
    Broken: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: role }], PolicyDocument: { Statement: [{ Effect: 'Allow', ...statement }] } },
    },
  };
}

/** A role that a service takes on, with a managed policy of AWS as CDK writes it. */
function backupRole(policy: string, Service = 'backup.amazonaws.com'): Resources {
  const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${policy}`]] };
  const AssumeRolePolicyDocument = { Statement: [{ Effect: 'Allow', Principal: { Service } }] };
  return {
    ServiceBackup: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument, ManagedPolicyArns: [arn] } },
  };
}

function mapping(properties: object, visibilityTimeout: number): Resources {
  return {
    Work: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: visibilityTimeout } },
    Worker: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 10 } },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] },
        FunctionName: { Ref: 'Worker' },
        MaximumBatchingWindowInSeconds: 5,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
        ...properties,
      },
    },
  };
}

/** An alarm on a metric that functions write themselves, with these values of its dimensions. */
function ownMetric(...values: unknown[]): Resources {
  const Dimensions = values.map((Value, index) => ({ Name: `dimension${index}`, Value }));
  const Properties = { Namespace: 'ServerlessReferenceArchitectures', MetricName: 'Copied', Dimensions };
  return { Own: { Type: 'AWS::CloudWatch::Alarm', Properties } };
}

const functionRole = Object.keys(sound.Resources).find((id) => /^ResizeImageRole[0-9A-F]{8}$/.test(id)) ?? '';
const uploadBucket = Object.keys(sound.Resources).find((id) => /^Upload[0-9A-F]{8}$/.test(id)) ?? '';

/** A database, with these properties in place of sound ones. */
function database(changes: object, parameters: object = { 'rds.force_ssl': '1' }): Resources {
  return {
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        PubliclyAccessible: false,
        StorageEncrypted: true,
        EnableIAMDatabaseAuthentication: true,
        BackupRetentionPeriod: 14,
        MonitoringInterval: 60,
        EnableCloudwatchLogsExports: ['postgresql'],
        ManageMasterUserPassword: true,
        CopyTagsToSnapshot: true,
        MultiAZ: true,
        DeletionProtection: true,
        DBParameterGroupName: { Ref: 'Parameters' },
        ...changes,
      },
    },
    Parameters: { Type: 'AWS::RDS::DBParameterGroup', Properties: { Parameters: parameters } },
  };
}

function proxy(changes: object): Resources {
  const Properties = { RequireTLS: true, DefaultAuthScheme: 'IAM_AUTH', Auth: [{ IAMAuth: 'REQUIRED' }], ...changes };
  return { Proxy: { Type: 'AWS::RDS::DBProxy', Properties } };
}

/** A network of a group and a subnet. */
function network(group: object, subnet: object = { MapPublicIpOnLaunch: false }): Resources {
  const cut = { CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' };
  return {
    Network: { Type: 'AWS::EC2::VPC', Properties: {} },
    Flows: { Type: 'AWS::EC2::FlowLog', Properties: { ResourceId: { Ref: 'Network' } } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { ...subnet } },
    Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupEgress: [cut], ...group } },
  };
}

/** For each rule the templates that break it, and what is said of them. */
const breaking: [promise: RegExp, subject: Subject, said: RegExp][] = [
  [/Node 24/, changed('AWS::Lambda::Function', (p) => delete p['TracingConfig']), /lacks active tracing/],
  [/Node 24/, changed('AWS::Lambda::Function', (p) => Object.assign(p, { Runtime: 'nodejs20.x' })), /lacks Runtime/],
  [
    /credentials elsewhere/,
    changed('AWS::Lambda::Function', (p) => Object.assign(p, { SnapStart: { ApplyOn: 'PublishedVersions' } })),
    /has SnapStart/,
  ],
  [
    /retention, 365/,
    changed('AWS::Logs::LogGroup', (p) => Object.assign(p, { RetentionInDays: 30 })),
    /30 days, not 365/,
  ],
  [
    /alarms on its errors/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { MetricName: 'Other' })),
    /no alarm on Errors/,
  ],
  [
    /alarms on its errors/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { Threshold: 60_000 })),
    /after the timeout/,
  ],
  [
    /invoked asynchronously/,
    changed('AWS::Lambda::EventInvokeConfig', (p) => delete p['DestinationConfig']),
    /no OnFailure/,
  ],
  [/partial batch/, extended(mapping({ FunctionResponseTypes: [] }, 65)), /does not report/],
  [/partial batch/, extended(mapping({ ScalingConfig: {} }, 65)), /no maximum concurrency/],
  [/partial batch/, extended(mapping({}, 64)), /hides messages 64 s, not 65 s/],
  [
    /managed policy/,
    changed('AWS::IAM::Role', (p) => Object.assign(p, { ManagedPolicyArns: ['arn:x'] })),
    /has a managed policy/,
  ],
  [
    /managed policy/,
    extended(backupRole('service-role/AWSBackupServiceRolePolicyForRestores')),
    /ServiceBackup has a managed policy .*ForRestores/,
  ],
  [
    /managed policy/,
    extended(backupRole('service-role/AWSBackupServiceRolePolicyForBackup', 'lambda.amazonaws.com')),
    /ServiceBackup has a managed policy .*ForBackup/,
  ],
  [/wildcard action/, extended(policy({ Action: 's3:*', Resource: 'arn' })), /allows s3:\*/],
  [/names its resources/, extended(policy({ Action: 's3:GetObject', Resource: '*' })), /on every resource/],
  [
    /notified from/,
    extended(
      policy(
        { Action: 's3:PutObject', Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [uploadBucket, 'Arn'] }, '/*']] } },
        functionRole,
      ),
    ),
    /may write under '' of it/,
  ],
  [
    /environment variable/,
    changed('AWS::Lambda::Function', (p) =>
      Object.assign(p, { Environment: { Variables: { DB_PASSWORD: 'hunter2' } } }),
    ),
    /DB_PASSWORD as plain text/,
  ],
  [/holds data/, changed('AWS::S3::Bucket', (_, r) => Object.assign(r, { DeletionPolicy: 'Delete' })), /has Delete/],
  [
    /plain HTTP/,
    changed('AWS::S3::BucketPolicy', (p) => Object.assign(p, { PolicyDocument: {} })),
    /does not refuse plain HTTP/,
  ],
  [/plain HTTP/, changed('AWS::S3::Bucket', (p) => delete p['LifecycleConfiguration']), /does not forget old versions/],
  [/queue states/, changed('AWS::SQS::Queue', (p) => delete p['MessageRetentionPeriod']), /states no retention/],
  [
    /queue states/,
    changed('AWS::SQS::Queue', (p) => Object.assign(p, { MessageRetentionPeriod: 60 })),
    /60 s, not 14 days/,
  ],
  [
    /point-in-time/,
    extended({ T: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { Replicas: [{}] } } }),
    /no point-in-time/,
  ],
  [/physical name/, changed('AWS::S3::Bucket', (p) => Object.assign(p, { BucketName: 'mine' })), /has BucketName mine/],
  [/can be tagged/, changed('AWS::SQS::Queue', (p) => delete p['Tags']), /not tagged architecture=image-resize/],
  [
    /own template/,
    changed('AWS::CloudWatch::Alarm', (p) => Object.assign(p, { Dimensions: [{ Name: 'QueueName', Value: 'other' }] })),
    /not in the template/,
  ],
  [/own template/, changed('AWS::CloudWatch::Alarm', (p) => delete p['Dimensions']), /names no dimension/],
  [/own template/, extended(ownMetric('image-resize')), /names no dimension but its service/],
  [/own template/, extended(ownMetric('image-resize', 'a-bucket')), /"a-bucket", which is not in the template/],
  [/tells the topic/, changed('AWS::CloudWatch::Alarm', (p) => delete p['AlarmActions']), /tells nobody/],
  [
    /tells the topic/,
    changed('AWS::CloudWatch::Alarm', (p) =>
      Object.assign(p, { AlarmDescription: 'x docs/runbook/image-resize.md#none' }),
    ),
    /'none'/,
  ],
  [
    /may publish/,
    changed('AWS::SNS::TopicPolicy', (p) => Object.assign(p, { PolicyDocument: {} })),
    /does not allow CloudWatch/,
  ],
  [/may publish/, changed('AWS::SNS::Topic', (p) => delete p['KmsMasterKeyId']), /no key of its own/],
  ...[
    ['PubliclyAccessible', true, /not private/] as const,
    ['StorageEncrypted', undefined, /not encrypted/] as const,
    ['EnableIAMDatabaseAuthentication', false, /not open to IAM/] as const,
    ['BackupRetentionPeriod', 0, /not backed up/] as const,
    ['MonitoringInterval', undefined, /not watched/] as const,
    ['EnableCloudwatchLogsExports', undefined, /not logged/] as const,
    ['ManageMasterUserPassword', undefined, /not its password kept by RDS/] as const,
    ['CopyTagsToSnapshot', false, /not tagging/] as const,
  ].map(([key, value, said]): (typeof breaking)[number] => [
    /every database is private/,
    extended(database({ [key]: value })),
    said,
  ]),
  [/two zones/, extended(database({ MultiAZ: false })), /lacks MultiAZ/],
  [/two zones/, extended(database({ DeletionProtection: false })), /lacks DeletionProtection/],
  [/forces TLS/, extended(database({}, { 'rds.force_ssl': '0' })), /without TLS/],
  [/database proxy/, extended(proxy({ RequireTLS: false })), /does not require TLS/],
  [/database proxy/, extended(proxy({ Auth: [{ IAMAuth: 'DISABLED' }] })), /takes a password/],
  [/database proxy/, extended(proxy({ Auth: undefined, DefaultAuthScheme: 'NONE' })), /no authentication/],
  [/security groups/, extended(network({ SecurityGroupEgress: undefined })), /lets everything out/],
  [
    /security groups/,
    extended(network({ SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', FromPort: 5432 }] })),
    /Group names/,
  ],
  [
    /security groups/,
    extended({ Hole: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { CidrIpv6: '::/0' } } }),
    /Hole names addresses/,
  ],
  [/no subnet gives/, extended(network({}, {})), /gives public addresses/],
  [/no subnet gives/, extended({ Network: { Type: 'AWS::EC2::VPC' } }), /no flow logs/],
  [/where its alarms go/, subject(sound.Resources, {}), /no output AlarmTopicArn/],
];

function ruleOf(promise: RegExp): Rule {
  const found = rules.filter((rule) => promise.test(rule.promise));
  expect(found).toHaveLength(1);
  return found[0]!;
}

it.each(breaking)('the rule %s is broken by a template that breaks it, and says so', (promise, broken, said) => {
  const breaches = ruleOf(promise).breaches(broken);
  expect(breaches.join('\n')).toMatch(said);
});

it('a database, a proxy and a network that keep every promise break none', () => {
  const kept = extended({ ...database({}), ...proxy({}), ...network({}) });
  expect(databaseRules.flatMap(({ breaches }) => breaches(kept))).toEqual([]);
});

it('a queue mapping that keeps every promise breaks none', () => {
  expect(ruleOf(/partial batch/).breaches(extended(mapping({}, 65)))).toEqual([]);
});

it('the role of AWS Backup may have the policies that AWS keeps for backups', () => {
  const role = backupRole('service-role/AWSBackupServiceRolePolicyForBackup');
  expect(ruleOf(/managed policy/).breaches(extended(role))).toEqual([]);
});

it('an alarm on a metric of our own names a resource of the template beside its service', () => {
  const own = extended(ownMetric('image-resize', { Ref: uploadBucket }));
  expect(ruleOf(/own template/).breaches(own)).toEqual([]);
});

it('every rule has a template that breaks it', () => {
  const untested = rules.filter((rule) => !breaking.some(([promise]) => promise.test(rule.promise)));
  expect(untested.map((rule) => rule.promise)).toEqual([]);
});
