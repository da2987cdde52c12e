import type { Template } from 'aws-cdk-lib/assertions';
import validate from 'asl-validator';
import { optionalFeatures } from '../../optional-features';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';
import { definitionsOf, statesOf } from '../asl';

const template = synthesize().template('EtlPipeline');
const extracting = synthesize({ 'etl-pipeline': optionalFeatures['etl-pipeline'] }).template('EtlPipeline');
const prod = synthesize({ stage: 'prod' }).template('EtlPipeline');

function idOf(type: string, start: string, of: Template = template): string {
  const ids = Object.keys(of.findResources(type)).filter((id) => id.startsWith(start));
  expect(ids).toHaveLength(1);
  return ids[0]!;
}

const machine = idOf('AWS::StepFunctions::StateMachine', 'Etl');
const definition = definitionsOf(template).get(machine)!;
const names: Readonly<Record<string, string>> = {
  [idOf('AWS::S3::Bucket', 'BucketsIncoming')]: 'Incoming',
  [idOf('AWS::S3::Bucket', 'BucketsWork')]: 'Work',
  [idOf('AWS::S3::Bucket', 'BucketsCurated')]: 'Curated',
  [idOf('AWS::SQS::Queue', 'UnstartedFiles')]: 'UnstartedFiles',
  [idOf('AWS::DynamoDB::GlobalTable', 'Rows')]: 'Rows',
  [idOf('AWS::DynamoDB::GlobalTable', 'Files')]: 'Files',
};

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** Permissions of a role on data, such as `s3:PutObject on Work/files/*`. */
function granted(roleStart: string, of: Template = template): string[] {
  const role = idOf('AWS::IAM::Role', roleStart, of);
  const policies = Object.values(of.findResources('AWS::IAM::Policy')) as {
    Properties: { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } };
  }[];
  return policies
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} on ${nameOf(resource)}`)),
    )
    .filter((one) => /^(s3|dynamodb|sqs):/.test(one))
    .sort();
}

function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const [id = ''] = Object.keys(names).filter((one) => text.includes(`"${one}"`));
  const [, path = ''] = /\]\},"(\/[^"]*)"/.exec(text) ?? [];
  return `${names[id] ?? text}${path}`;
}

it.each([
  [
    'ClaimFile',
    [
      'dynamodb:PutItem on Files',
      'dynamodb:UpdateItem on Files',
      's3:GetObject on Incoming/incoming/*',
      's3:GetObjectVersion on Incoming/incoming/*',
      's3:ListBucket on Incoming',
    ],
  ],
  ['InspectFile', ['s3:GetObjectVersion on Incoming/incoming/*', 's3:ListBucket on Incoming']],
  [
    'SplitFile',
    [
      's3:GetObject on Work/files/*',
      's3:GetObjectVersion on Incoming/incoming/*',
      's3:ListBucket on Incoming',
      's3:ListBucket on Work',
      's3:PutObject on Work/files/*',
    ],
  ],
  [
    'TransformChunk',
    ['s3:GetObject on Work/files/*', 's3:PutObject on Curated/rejected/*', 's3:PutObject on Work/files/*'],
  ],
  ['DecideFile', ['s3:GetObject on Work/files/*', 's3:ListBucket on Work']],
  [
    'LoadChunk',
    [
      'dynamodb:PutItem on Rows',
      'dynamodb:UpdateItem on Rows',
      's3:GetObject on Work/files/*',
      's3:ListBucket on Work',
      's3:PutObject on Curated/curated/*',
      's3:PutObject on Work/files/*',
    ],
  ],
  [
    'ReportFile',
    [
      'dynamodb:UpdateItem on Files',
      's3:GetObject on Work/files/*',
      's3:GetObjectVersion on Incoming/incoming/*',
      's3:ListBucket on Incoming',
      's3:ListBucket on Work',
      's3:PutObject on Curated/reports/*',
      's3:PutObject on Incoming/quarantine/*',
    ],
  ],
  ['WatchFiles', ['dynamodb:Query on Files/index/watched', 'sqs:SendMessage on UnstartedFiles']],
])('%s may do exactly what it does', (id, permissions) => {
  expect(granted(`${id}Role`)).toEqual(permissions);
});

it('the extract may write its own files into the folder of its dataset, read its token, and no more', () => {
  expect(granted('ExtractFromApiRole', extracting)).toEqual([
    's3:GetObject on Work/extracts/*',
    's3:ListBucket on Work',
    's3:PutObject on Incoming/incoming/prices/extract-*',
    's3:PutObject on Work/extracts/*',
    'sqs:SendMessage on UnstartedFiles',
  ]);
  const secret = idOf('AWS::SecretsManager::Secret', 'ApiToken', extracting);
  expect(JSON.stringify(extracting.findResources('AWS::IAM::Policy'))).toContain(
    `{"Action":"secretsmanager:GetSecretValue","Effect":"Allow","Resource":{"Ref":"${secret}"}}`,
  );
});

it('an extract that is missed alarms after its interval and two hours, and one is only there by setting', () => {
  extracting.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ExtractedFiles',
    ComparisonOperator: 'LessThanThreshold',
    Period: 3_600,
    EvaluationPeriods: 26,
    TreatMissingData: 'breaching',
  });
  extracting.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(15 minutes)' });
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
});

it('the definition is valid in the Amazon States Language', () => {
  const { isValid, errorsText } = validate(definition);
  expect(errorsText('\n')).toBe('');
  expect(isValid).toBe(true);
});

it('every state is reached, and every transition has a target', () => {
  const targets = [...JSON.stringify(definition).matchAll(/"(?:Next|Default|StartAt)":"([^"]+)"/g)].map(
    ([, name]) => name,
  );
  const states = statesOf(definition).map(([name]) => name);
  expect(targets.filter((name) => !states.includes(name!))).toEqual([]);
  expect(states.filter((name) => !targets.includes(name))).toEqual([]);
});

it('every wait has a limit: the machine, and each of its tasks', () => {
  expect(definition.TimeoutSeconds).toBe(12 * 3_600);
  const tasks = statesOf(definition).filter(([, { Type }]) => Type === 'Task');
  expect(tasks.filter(([, { TimeoutSeconds }]) => !(Number(TimeoutSeconds) > 0))).toEqual([]);
});

it('a step that fails for good ends in a report, a message and a failed execution', () => {
  const steps = Object.entries(definition.States).filter(
    ([name, { Type }]) => ['Task', 'Map'].includes(Type) && !/^(Notify|Report the failure|Claim)/.test(name),
  );
  expect(steps).toHaveLength(6);
  for (const [, { Catch }] of steps) {
    expect(Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Report the failure' }]);
  }
  expect(definition.States['The file failed']).toMatchObject({ Type: 'Fail' });
});

it('rows that do not add up are not retried, and throttling is, for hours', () => {
  const [never, throttled, others] = definition.States['Decide on the file']!['Retry'] as {
    ErrorEquals: string[];
    MaxAttempts: number;
    MaxDelaySeconds: number;
  }[];
  expect(never).toMatchObject({ ErrorEquals: expect.arrayContaining(['AccountingError']) as string[], MaxAttempts: 0 });
  expect(throttled!.ErrorEquals).toEqual(['Lambda.TooManyRequestsException', 'ServiceBusyError', 'ContendedRowError']);
  // Full jitter halves the delays on average.
  expect((throttled!.MaxAttempts * throttled!.MaxDelaySeconds) / 2).toBeGreaterThan(8 * 3_600);
  expect(others).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 5 });
});

it('the children of a map leave half of the ten concurrent executions of a new account to others, and return nothing', () => {
  const maps = statesOf(definition).filter(([, { Type }]) => Type === 'Map');
  expect(maps.map(([, map]) => map['MaxConcurrency'])).toEqual([4, 4]);
  for (const [, map] of maps) {
    expect(map['ResultPath']).toBeNull();
    expect(map['ResultWriter']).toMatchObject({ WriterConfig: { Transformation: 'COMPACT' } });
  }
});

it('the datasets are part of the definition, so that an execution keeps those of its start', () => {
  const { Payload } = definition.States['Claim the file']!.Parameters as { Payload: { datasets: { name: string }[] } };
  expect(Payload.datasets.map(({ name }) => name)).toEqual(['products']);
});

it('objects in the folder of a dataset start an execution; an event that cannot is retried for a day and then kept', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: [{ Ref: idOf('AWS::S3::Bucket', 'BucketsIncoming') }] },
        object: { key: [{ prefix: 'incoming/products/' }] },
      },
    },
    Targets: [
      {
        Arn: { Ref: machine },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', 'UnstartedFiles'), 'Arn'] } },
      },
    ],
  });
});

it('nothing that a function writes is in the folder that starts executions', () => {
  const written = ['ClaimFile', 'SplitFile', 'TransformChunk', 'LoadChunk', 'ReportFile']
    .flatMap((id) => granted(`${id}Role`))
    .filter((one) => one.startsWith('s3:Put') && one.includes('Incoming'));
  expect(written).toEqual(['s3:PutObject on Incoming/quarantine/*']);
});

it('chunks and staged rows are deleted after a week; uploads, rows and reports are not', () => {
  const rulesOf = (start: string): Record<string, unknown>[] => {
    const bucket = template.findResources('AWS::S3::Bucket')[idOf('AWS::S3::Bucket', start)] as {
      Properties: { LifecycleConfiguration: { Rules: Record<string, unknown>[] } };
    };
    return bucket.Properties.LifecycleConfiguration.Rules.filter((rule) => 'ExpirationInDays' in rule);
  };
  expect(rulesOf('BucketsWork')).toMatchObject([{ ExpirationInDays: 7 }]);
  expect([...rulesOf('BucketsIncoming'), ...rulesOf('BucketsCurated')]).toEqual([]);
});

it('in prod the machine may use the key of the reports, and there is a dashboard', () => {
  prod.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  expect(JSON.stringify(prod.findResources('AWS::IAM::Policy'))).toContain('"kms:Decrypt","kms:GenerateDataKey"');
});

it('settings reach the functions', () => {
  const settings = { chunkKilobytes: 64, rowsAtOnce: 7, maximumFileGigabytes: 0.5, maximumRecordKilobytes: 2 };
  const changed = synthesize({ 'etl-pipeline': settings }).template('EtlPipeline');
  const variables = Object.values(changed.findResources('AWS::Lambda::Function')).map(
    (one) =>
      (one['Properties'] as { Environment?: { Variables: Record<string, string> } }).Environment?.Variables ?? {},
  );
  expect(Object.assign({}, ...variables)).toMatchObject({
    CHUNK_BYTES: '65536',
    ROWS_AT_ONCE: '7',
    MAXIMUM_FILE_BYTES: '536870912',
    MAXIMUM_RECORD_BYTES: '2048',
  });
});

templatesChangeOnlyOnPurpose('EtlPipeline', [{ stage: 'prod' }]);
