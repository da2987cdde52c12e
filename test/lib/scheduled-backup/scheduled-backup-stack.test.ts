import { Match, type Template } from 'aws-cdk-lib/assertions';
import validate from 'asl-validator';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';
import { definitionsOf, statesOf, type Definition } from '../asl';

const template = synthesize().template('ScheduledBackup');
const prod = synthesize({ stage: 'prod' }).template('ScheduledBackup');

function idOf(type: string, start: string, of: Template = template): string {
  const ids = Object.keys(of.findResources(type)).filter((id) => id.startsWith(start));
  expect(ids).toHaveLength(1);
  return ids[0]!;
}

const backupMachine = idOf('AWS::StepFunctions::StateMachine', 'BackupMachine');
const restoreMachine = idOf('AWS::StepFunctions::StateMachine', 'RestoreMachine');
const source = idOf('AWS::S3::Bucket', 'BucketsSource');
const backup = idOf('AWS::S3::Bucket', 'BucketsBackup');
const topic = idOf('AWS::SNS::Topic', 'Alarms');
const definitions = definitionsOf(template);
const definition = (id: string): Definition => definitions.get(id)!;
const machines = [backupMachine, restoreMachine];

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

/** Permissions of a role, one text for each statement and resource. */
function granted(roleStart: string, of: Template = template): string[] {
  const role = idOf('AWS::IAM::Role', roleStart, of);
  const policies = Object.values(of.findResources('AWS::IAM::Policy')) as {
    Properties: { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } };
  }[];
  return policies
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource }) =>
      [Resource].flat().map((one) => `${Effect} ${[Action].flat().sort().join(' ')} on ${JSON.stringify(one)}`),
    )
    .sort();
}

const mapResults = JSON.stringify({
  'Fn::Join': ['', [{ 'Fn::GetAtt': [idOf('AWS::S3::Bucket', 'BucketsJournal'), 'Arn'] }, '/runs/maps/*']],
});
const ref = (id: string): string => `{"Ref":"${id}"}`;
const arn = (id: string): string => `{"Fn::GetAtt":["${id}","Arn"]}`;
const executionsOf = (machine: string): string =>
  JSON.stringify({
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':states:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        ':execution:',
        { 'Fn::GetAtt': [machine, 'Name'] },
        ':*',
      ],
    ],
  });

/** Logical ids of the functions that a definition invokes. */
function invoked(id: string): string[] {
  const ids = statesOf(definition(id))
    .filter(([, state]) => state.Resource?.endsWith(':lambda:invoke'))
    .map(([, state]) => String(state.Parameters?.['FunctionName']).replace(/^.*:/, ''));
  return [...new Set(ids)];
}

it.each(machines)('the definition of %s is valid in the Amazon States Language', (id) => {
  const { isValid, errorsText } = validate(definition(id));
  expect(errorsText('\n')).toBe('');
  expect(isValid).toBe(true);
});

it.each(machines)('the definition of %s refers to existing states only, and reaches all of them', (id) => {
  const check = ({ States, ...machine }: Definition): void => {
    const names = Object.keys(States);
    const targets = [...JSON.stringify([machine, States]).matchAll(/"(?:Next|Default|StartAt)":"([^"]+)"/g)].map(
      ([, name]) => name,
    );
    const all = statesOf({ States }).map(([name]) => name);
    expect(targets.filter((name) => !all.includes(name!))).toEqual([]);
    expect(names.filter((name) => !targets.includes(name))).toEqual([]);
  };
  check(definition(id));
});

it.each(machines)('%s has a timeout, and so has each of its tasks', (id) => {
  expect(definition(id).TimeoutSeconds).toBe(12 * 3_600);
  const tasks = statesOf(definition(id)).filter(([, { Type }]) => Type === 'Task');
  expect(tasks.filter(([, { TimeoutSeconds }]) => !(Number(TimeoutSeconds) > 0))).toEqual([]);
});

it.each(machines)('%s notifies people when any step fails for good', (id) => {
  const steps = Object.entries(definition(id).States).filter(
    ([name, { Type }]) => ['Task', 'Map'].includes(Type) && !name.startsWith('Notify '),
  );
  expect(steps.length).toBeGreaterThan(2);
  for (const [name, state] of steps) {
    expect([name, state.Catch?.[0]?.ErrorEquals]).toEqual([name, ['States.ALL']]);
    expect(state.Catch?.[0]?.Next).toMatch(/^Notify /);
  }
});

const maps = [...definitions.values()].flatMap(statesOf).filter(([, { Type }]) => Type === 'Map');

it('a map of any number of batches stores the outputs of its children in the journal, and discards its own', () => {
  expect(maps).toHaveLength(4);
  for (const [, map] of maps) {
    expect(map['ResultPath']).toBeNull();
    expect(map['ResultWriter']).toMatchObject({
      Resource: 'arn:aws:states:::s3:putObject',
      Parameters: { Bucket: `<${idOf('AWS::S3::Bucket', 'BucketsJournal')}>`, Prefix: 'runs/maps' },
      // Inputs, which have keys of objects, are not stored.
      WriterConfig: { Transformation: 'COMPACT' },
    });
    expect(map.ItemProcessor?.ProcessorConfig.Mode).toBe('DISTRIBUTED');
  }
});

it('the maps leave half of the ten concurrent executions of a new account to others', () => {
  expect(maps.map(([, map]) => map['MaxConcurrency'])).toEqual([5, 5, 5, 5]);
});

it('a child of a map invokes its function until the batch is finished, and returns nothing', () => {
  for (const [, map] of maps) {
    const { StartAt = '', States = {} } = (map.ItemProcessor ?? {}) as {
      StartAt?: string;
      States?: Definition['States'];
    };
    expect(States[StartAt]).toMatchObject({ ResultPath: '$.result', Next: `${StartAt}: finished?` });
    expect(States[`${StartAt}: finished?`]).toMatchObject({
      Choices: [{ Variable: '$.result.finished', BooleanEquals: true, Next: `${StartAt}: end` }],
      Default: StartAt,
    });
    const ends = Object.values(States).filter((state) => state['End'] === true);
    expect(ends).toMatchObject([{ Type: 'Pass', Result: {} }]);
  }
});

it('throttled invocations are retried for a day, apart from the retries of errors', () => {
  const invocations = [...definitions.values()]
    .flatMap(statesOf)
    .filter(([, one]) => one.Resource?.endsWith('lambda:invoke'));
  for (const [, state] of invocations) {
    const retriers = state['Retry'] as { ErrorEquals: string[]; MaxAttempts: number; MaxDelaySeconds?: number }[];
    const throttled = retriers.find(({ ErrorEquals }) => ErrorEquals.includes('Lambda.TooManyRequestsException'));
    // Full jitter: half of the longest delay on average.
    const seconds = (throttled?.MaxAttempts ?? 0) * ((throttled?.MaxDelaySeconds ?? 0) / 2);
    expect(seconds).toBeGreaterThan(86_400);
    // Each retry is three of the 25,000 events of an execution.
    expect((throttled?.MaxAttempts ?? 0) * 3).toBeLessThan(10_000);
    expect(retriers.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 5 });
  }
});

it.each(machines)('%s logs all events without their data', (id) => {
  const machine = template.findResources('AWS::StepFunctions::StateMachine')[id] as { Properties: object };
  expect(machine.Properties).toMatchObject({
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    TracingConfiguration: { Enabled: true },
  });
});

/** Traces, and the delivery of logs. */
const everyMachine = [
  'Allow logs:CreateLogDelivery logs:DeleteLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies ' +
    'logs:GetLogDelivery logs:ListLogDeliveries logs:PutResourcePolicy logs:UpdateLogDelivery ' +
    'xray:GetSamplingRules xray:GetSamplingTargets xray:PutTelemetryRecords xray:PutTraceSegments on "*"',
];

it.each([
  ['BackupMachineRole', backupMachine, [source, backup]],
  ['RestoreMachineRole', restoreMachine, [backup]],
])('%s may do exactly what the definition needs', (role, machine, listed) => {
  expect(granted(role)).toEqual(
    [
      ...everyMachine,
      ...invoked(machine).map((id) => `Allow lambda:InvokeFunction on ${arn(id)}`),
      ...listed.map((id) => `Allow s3:ListBucket on ${arn(id)}`),
      `Allow s3:AbortMultipartUpload s3:GetObject s3:ListMultipartUploadParts s3:PutObject on ${mapResults}`,
      `Allow sns:Publish on ${ref(topic)}`,
      // A distributed map's children are executions of the same machine.
      `Allow states:StartExecution on ${ref(machine)}`,
      `Allow states:DescribeExecution states:StopExecution on ${executionsOf(machine)}`,
    ].sort(),
  );
});

it.each(machines)('the role of %s may list the buckets that its maps read', (id) => {
  const readers = statesOf(definition(id)).flatMap(([, { ItemReader }]) => ItemReader ?? []);
  for (const { Resource, Parameters } of readers) {
    expect(Resource).toBe('arn:aws:states:::s3:listObjectsV2');
    const bucket = (Parameters['Bucket'] ?? '').replace(/^<|>$/g, '');
    expect(granted(id === backupMachine ? 'BackupMachineRole' : 'RestoreMachineRole')).toContain(
      `Allow s3:ListBucket on ${arn(bucket)}`,
    );
  }
});

it('in prod the state machines may use the key of the topic', () => {
  for (const role of ['BackupMachineRole', 'RestoreMachineRole']) {
    expect(granted(role, prod).filter((one) => one.includes('kms:'))).toEqual([
      expect.stringMatching(/^Allow kms:Decrypt kms:GenerateDataKey on {"Fn::GetAtt":\["AlarmsKey\w+","Arn"\]}$/),
    ]);
  }
});

it('the schedule may only start the backup and send a failed start to the queue', () => {
  expect(granted('DailyBackupScheduleRole')).toEqual([
    `Allow sqs:SendMessage on ${arn(idOf('AWS::SQS::Queue', 'MissedStarts'))}`,
    `Allow states:StartExecution on ${ref(backupMachine)}`,
  ]);
});

it.each(['BackupMachineRole', 'RestoreMachineRole', 'DailyBackupScheduleRole'])(
  '%s is assumed for this account only',
  (start) => {
    const role = template.findResources('AWS::IAM::Role')[idOf('AWS::IAM::Role', start)] as {
      Properties: { AssumeRolePolicyDocument: { Statement: unknown[] } };
    };
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
      { Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } },
    ]);
  },
);

it('a backup is due at four in the morning, and a start that fails is retried and then kept in the queue', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 4 * * ? *)',
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { Ref: backupMachine },
      Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3_600 },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', 'MissedStarts'), 'Arn'] } },
    },
  });
});

it('the backup may read its source but not write to it', () => {
  const functions = ['BeginBackup', 'CopyObjects', 'WriteManifest', 'VerifyCopies', 'CompleteBackup', 'PruneBackups'];
  const onSource = functions.flatMap((id) => granted(`${id}Role`)).filter((one) => one.includes(source));
  expect(onSource.length).toBeGreaterThan(0);
  expect(onSource.filter((one) => /Put|Delete|Abort/.test(one))).toEqual([]);
});

it('an existing source is read by its name with its key, and no bucket is created for it', () => {
  const sourceKeyArn = 'arn:aws:kms:us-east-1:111111111111:key/abc';
  const settings = { sourceBucketName: 'my-data', sourceKeyArn };
  const existing = synthesize({ 'scheduled-backup': settings }).template('ScheduledBackup');
  expect(Object.keys(existing.findResources('AWS::S3::Bucket')).filter((id) => id.includes('Source'))).toEqual([]);
  const copying = granted('CopyObjectsRole', existing);
  const objects = JSON.stringify({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::my-data/*']] });
  expect(copying.filter((one) => one.includes('my-data/*'))).toEqual([
    `Allow s3:GetObject s3:GetObjectTagging s3:GetObjectVersion s3:GetObjectVersionTagging on ${objects}`,
  ]);
  expect(copying).toContain(`Allow kms:Decrypt on "${sourceKeyArn}"`);
});

it('a start may ask the region of the buckets that it reads or writes', () => {
  const settings = { sourceBucketName: 'my-data', restoreTargets: ['another-bucket'] };
  const existing = synthesize({ 'scheduled-backup': settings }).template('ScheduledBackup');
  const listed = (start: string): string[] =>
    granted(start, existing)
      .filter((one) => one.startsWith('Allow s3:ListBucket on'))
      .flatMap((one) => /:s3:::([\w-]+)"/.exec(one)?.[1] ?? []);
  expect(listed('BeginBackupRole')).toEqual(['my-data']);
  expect(listed('BeginRestoreRole')).toEqual(['another-bucket', 'my-data']);
});

it('a restore may use the keys of the source and of its targets, and no other function those of the targets', () => {
  const key = (name: string): string => `arn:aws:kms:us-east-1:111111111111:key/${name}`;
  const settings = {
    sourceBucketName: 'my-data',
    sourceKeyArn: key('source'),
    restoreTargets: ['another-bucket'],
    restoreTargetKeyArns: [key('target')],
  };
  const encrypted = synthesize({ 'scheduled-backup': settings }).template('ScheduledBackup');
  const keys = (id: string): string[] => granted(`${id}Role`, encrypted).filter((one) => one.includes('kms:'));
  const wanted = ['source', 'target'].map((name) => `Allow kms:Decrypt kms:GenerateDataKey on "${key(name)}"`);
  expect(keys('RestoreObjects')).toEqual(wanted);
  const others = ['BeginBackup', 'CopyObjects', 'VerifyCopies', 'BeginRestore', 'ReportRestore'].flatMap(keys);
  expect(others).toEqual([`Allow kms:Decrypt on "${key('source')}"`]);
});

it('a restore may write to the source and the configured targets only', () => {
  const settings = { restoreTargets: ['another-bucket'] };
  const more = synthesize({ 'scheduled-backup': settings }).template('ScheduledBackup');
  const writable = (of: Template): number =>
    granted('RestoreObjectsRole', of).filter((one) => one.includes('s3:PutObjectTagging')).length;
  expect([writable(template), writable(more)]).toEqual([1, 2]);
});

it('copies are locked in prod, and not in sandbox', () => {
  prod.hasResourceProperties('AWS::S3::Bucket', {
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } },
  });
  expect(JSON.stringify(template.findResources('AWS::S3::Bucket'))).not.toContain('ObjectLock');
});

it('no lifecycle rule expires current copies, so that missed nights delete nothing', () => {
  for (const one of [template, prod]) {
    const bucket = one.findResources('AWS::S3::Bucket')[idOf('AWS::S3::Bucket', 'BucketsBackup', one)] as {
      Properties: { LifecycleConfiguration: { Rules: Record<string, unknown>[] } };
    };
    const { Rules } = bucket.Properties.LifecycleConfiguration;
    expect(Rules.flatMap((rule) => Object.keys(rule)).filter((key) => /^Expiration(InDays|Date)$/.test(key))).toEqual(
      [],
    );
  }
});

it('cold storage is a class whose objects are readable at once', () => {
  const cold = synthesize({ 'scheduled-backup': { coldStorageAfterDays: 7 } }).template('ScheduledBackup');
  cold.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([
        Match.objectLike({ Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 7 }] }),
      ]),
    },
  });
});

it('a missed backup raises the alarm, since missing data is breaching', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'CompletedBackups',
    Namespace: 'ServerlessReferenceArchitectures',
    Dimensions: Match.arrayWith([{ Name: 'BackupBucket', Value: { Ref: backup } }]),
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    Period: 3_600,
    EvaluationPeriods: 37,
    DatapointsToAlarm: 37,
    TreatMissingData: 'breaching',
  });
});

it.each(['ExecutionsFailed', 'ExecutionsTimedOut'])('both machines have an alarm on %s', (MetricName) => {
  for (const machine of machines) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      Namespace: 'AWS/States',
      Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: machine } }],
    });
  }
});

it('the outputs name the buckets, state machines and topic', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
    'AlarmTopicArn',
    'BackupBucketName',
    'BackupStateMachineArn',
    'RestoreStateMachineArn',
    'SourceBucketName',
  ]);
});

templatesChangeOnlyOnPurpose('ScheduledBackup', [{ stage: 'prod' }]);
