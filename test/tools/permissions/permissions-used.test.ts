import { buildSync } from 'esbuild';
import { join, relative } from 'node:path';
import { actionsOf } from '../../../tools/permissions/actions';
import { architectures } from '../../../lib/architectures';
import { findHandlers } from '../../../lib/bundling/bundle-handlers';
import { statements } from '../../rules/access-rules';
import { ofType, references, type Resource, type Subject } from '../../rules/rule';
import { root, synthesize } from '../../synthesis';

/** IAM prefix of a service, by the name of its SDK client. */
const services: Readonly<Record<string, string>> = {
  'client-s3': 's3',
  'client-sqs': 'sqs',
  'client-sns': 'sns',
  'client-sesv2': 'ses',
  'client-sfn': 'states',
  'client-cloudwatch-logs': 'logs',
  'client-codebuild': 'codebuild',
  'client-codecommit': 'codecommit',
  'client-cloudwatch': 'cloudwatch',
  'client-kms': 'kms',
  'client-lambda': 'lambda',
  'client-dynamodb': 'dynamodb',
  'client-eventbridge': 'events',
  'client-kinesis': 'kinesis',
  'client-ec2': 'ec2',
  'client-ecs': 'ecs',
  'client-resource-groups-tagging-api': 'tag',
  'client-secrets-manager': 'secretsmanager',
  'client-ssm': 'ssm',
  'client-scheduler': 'scheduler',
};

/** Actions called only with a setting that is off by default; the stack's own tests check what that setting grants. */
const behindSettings: Readonly<Record<string, readonly string[]>> = {
  // None of its own: it signs links for downloads, and S3 answers 403 instead of 404 to those that use one for deleted content.
  'rest-api/serve-documents': ['s3:ListBucket'],
  // The version is optional in the code and named in each of these calls, whose source is always a claimed file.
  'etl-pipeline/inspect-file': ['s3:GetObject'],
  // No tags: the copy replaces them with none.
  'etl-pipeline/report-file': ['s3:GetObjectTagging', 's3:GetObjectVersionTagging', 's3:PutObjectTagging'],
  // It reads chunks that were listed, and the settings keep them for as long as a file may be under way.
  'etl-pipeline/transform-chunk': ['s3:ListBucket'],
  'etl-pipeline/extract-from-api': ['s3:GetObject', 's3:ListBucket', 's3:PutObject', 'secretsmanager:GetSecretValue'],
  // The version is optional in the code, and these read what a build has just written.
  'gitops-pipeline/end-run': ['s3:GetObjectVersion'],
  'gitops-pipeline/request-approval': ['s3:GetObjectVersion'],
  // It always names the version.
  'gitops-pipeline/verify-artifact': ['s3:GetObject'],
  'gitops-pipeline/sign-artifact': ['s3:GetObjectVersion'],
  'volume-cleanup/find-candidates': ['ec2:ReleaseAddress'],
  // The counters of limits are in one file with every change of a request; those that begin or end one change them.
  'approval-workflow/ask-approval': ['dynamodb:UpdateItem', 'ses:SendEmail'],
  'approval-workflow/decide-request': ['dynamodb:UpdateItem'],
  'approval-workflow/launch-machine': ['dynamodb:UpdateItem', 'ses:SendEmail', 'ssm:DescribeInstanceInformation'],
  'approval-workflow/schedule-end': ['dynamodb:UpdateItem', 'ses:SendEmail'],
  'approval-workflow/submit-request': ['dynamodb:UpdateItem'],
  'approval-workflow/end-machine': ['ses:SendEmail'],
  'resource-tagger/post-notices': [
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'secretsmanager:GetSecretValue',
    'sqs:ChangeMessageVisibility',
  ],
  // A container runs this bundle too, with a role of its own.
  'document-renderer/render-document': [
    'states:StartExecution',
    'states:SendTaskHeartbeat',
    'states:SendTaskSuccess',
    'states:SendTaskFailure',
  ],
  'document-renderer/seed-browser': ['s3:PutObject'],
  // The request that it reads is kept for longer than a document takes, so that none is missing.
  'document-renderer/end-large-render': [
    'ecs:DescribeTasks',
    'ecs:ListTasks',
    'ecs:StopTask',
    's3:GetObject',
    's3:ListBucket',
    'sqs:SendMessage',
  ],
  'order-workflow/charge-payment': ['secretsmanager:GetSecretValue'],
  'order-workflow/refund-payment': ['secretsmanager:GetSecretValue'],
  'order-workflow/send-confirmation': ['ses:SendEmail'],
};

/** A transaction needs the actions of its parts, which stand in the same file as keys of its items. */
const transactionParts: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

/** Calls that need other actions if they name a version, by the operation's name with a version. */
const ofVersions: Readonly<Record<string, string>> = {
  CopyObject: 'CopyObjectVersion',
  GetObject: 'GetObjectVersion',
  HeadObject: 'HeadObjectVersion',
  GetObjectTagging: 'GetObjectVersionTagging',
};

/** Calls that need other actions if the object is missing. */
const ofMissing: Readonly<Record<string, string>> = {
  GetObject: 'GetMissingObject',
  HeadObject: 'HeadMissingObject',
};

/** Actions that AWS calls in a function's name; its code does not. */
const byTheService: Readonly<Record<string, (subject: Subject, functionId: string) => readonly string[]>> = {
  'logs and traces': () => [
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
  ],
  'the on-failure destination': (subject, functionId) =>
    targets(subject, 'AWS::Lambda::EventInvokeConfig', functionId) ? ['sqs:SendMessage'] : [],
  'the network interfaces of a function in a VPC': (subject, functionId) =>
    isInVpc(subject, functionId)
      ? ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface']
      : [],
  'roles and tags that a call hands over': (subject, functionId) => {
    const may = granted(subject, functionId);
    return [
      ...(may.has('ec2:RunInstances') ? ['ec2:CreateTags', 'iam:PassRole'] : []),
      ...(may.has('scheduler:CreateSchedule') ? ['iam:PassRole'] : []),
    ];
  },
  'the event source mapping': (subject, functionId) =>
    ofType(subject, 'AWS::Lambda::EventSourceMapping')
      .filter(({ properties }) => references(properties['FunctionName']).includes(functionId))
      .flatMap(({ properties }) => references(properties['EventSourceArn']))
      .flatMap((source) => polling[subject.resources.get(source)?.Type ?? ''] ?? []),
  'the destination of an event source mapping': (subject, functionId) =>
    ofType(subject, 'AWS::Lambda::EventSourceMapping').some(
      ({ properties }) =>
        references(properties['FunctionName']).includes(functionId) && properties['DestinationConfig'] !== undefined,
    )
      ? ['s3:PutObject', 's3:ListBucket']
      : [],
};

/** Actions with which Lambda reads a source of events, by its type. */
const polling: Readonly<Record<string, readonly string[]>> = {
  'AWS::SQS::Queue': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  'AWS::Kinesis::Stream': [
    'DescribeStream',
    'DescribeStreamSummary',
    'GetRecords',
    'GetShardIterator',
    'ListShards',
  ].map((action) => `kinesis:${action}`),
  'AWS::DynamoDB::GlobalTable': ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
    (action) => `dynamodb:${action}`,
  ),
};

function isInVpc(subject: Subject, functionId: string): boolean {
  return subject.resources.get(functionId)?.Properties?.['VpcConfig'] !== undefined;
}

function targets(subject: Subject, type: string, functionId: string): boolean {
  return ofType(subject, type).some(({ properties }) => references(properties['FunctionName']).includes(functionId));
}

/** Source of each handler with its own code, in which unused imports are left out. */
const sources = new Map(
  buildSync({
    absWorkingDir: root,
    entryPoints: findHandlers(root).map((handler) => join('lambda', `${handler}.ts`)),
    outbase: 'lambda',
    outdir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
    logLevel: 'error',
  }).outputFiles.map(({ path, text }) => [relative(root, path).replace(/\.js$/, ''), text]),
);

/** Actions that the calls in a handler's own code need. */
function called(handler: string): Set<string> {
  return new Set(actionsIn(sources.get(handler) ?? ''));
}

function actionsIn(source: string): string[] {
  // A token is signed without a call; whoever shows it needs this.
  const connects = source.includes('rds-token') && /new Signer\d*\(/.test(source) ? ['rds-db:connect'] : [];
  const imported = importsOf(source);
  const calls = [...source.matchAll(/new (\w+)Command\d*\(([^;]*)/g)].flatMap(([, operation = '', argument = '']) => {
    if (operation === 'TransactWriteItems') {
      const parts = Object.entries(transactionParts).filter(([part]) => new RegExp(`\\b${part}: \\{`).test(source));
      return parts.map(([, action]) => action);
    }
    const service = imported.get(operation);
    if (service === undefined) throw new Error(`no client is known whose call is ${operation}: add it to the services`);
    const ofVersion = /\bVersionId\b|\bversionOf\(|\bCopySource,/.test(argument) ? ofVersions[operation] : undefined;
    const asked = [operation, ofMissing[operation], ofVersion].filter((one) => one !== undefined);
    return asked.flatMap((one) => actionsOf(service, one));
  });
  const pages = [...source.matchAll(/\bpaginate(\w+?)\d*\(/g)].flatMap(([, operation = '']) => {
    const service = imported.get(operation);
    return service === undefined ? [] : actionsOf(service, operation);
  });
  return [...calls, ...pages, ...connects];
}

/** Service of each call, from the client package that it is imported from. */
function importsOf(source: string): Map<string, string> {
  const imports = [...source.matchAll(/import\s*\{([^}]*)\}\s*from\s*["']@aws-sdk\/([\w-]+)["']/g)];
  return new Map(
    imports.flatMap(([, names = '', client = '']) => {
      const service = services[client];
      const found = [...names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)];
      const operations = found.map(([, pages, one = '']) => pages ?? one);
      return service === undefined ? [] : operations.map((operation) => [operation, service] as const);
    }),
  );
}

/** Actions that a function's role grants, by the function's logical id. */
function granted(subject: Subject, functionId: string): Set<string> {
  const role = references(subject.resources.get(functionId)?.Properties?.['Role']);
  const own = statements(subject).filter((statement) => statement.roles.some((one) => role.includes(one)));
  return new Set(own.flatMap((statement) => statement.actions));
}

const synthesis = synthesize();
const functions = architectures.flatMap(({ id, slug }) => {
  const { Resources } = synthesis.template(id).toJSON() as { Resources: Record<string, Resource> };
  const subject: Subject = {
    id,
    slug,
    stage: 'sandbox',
    resources: new Map(Object.entries(Resources)),
    outputs: new Map(),
  };
  return findHandlers(root)
    .filter((handler) => handler.startsWith(`${slug}/`))
    .map((handler) => {
      const name = handler
        .replace(/^.*\//, '')
        .replace(/(^|-)(\w)/g, (_, _hyphen, letter: string) => letter.toUpperCase());
      const functionId = [...subject.resources.keys()].find((one) => one.startsWith(`${name}Function`)) ?? name;
      return { handler, subject, functionId };
    });
});

describe.each(functions)('$handler', ({ handler, subject, functionId }) => {
  const ofService = Object.values(byTheService).flatMap((actions) => actions(subject, functionId));

  it('is granted every action that its code calls', () => {
    const may = granted(subject, functionId);
    const optional = behindSettings[handler] ?? [];
    expect([...called(handler)].filter((action) => !may.has(action) && !optional.includes(action))).toEqual([]);
  });

  it('has no exception that it does not need', () => {
    const [uses, may] = [called(handler), granted(subject, functionId)];
    expect((behindSettings[handler] ?? []).filter((action) => !uses.has(action) || may.has(action))).toEqual([]);
  });

  it('is granted nothing else, except what AWS calls in its name', () => {
    const uses = called(handler);
    expect(
      [...granted(subject, functionId)].filter((action) => !uses.has(action) && !ofService.includes(action)),
    ).toEqual([]);
  });
});

it('a call in the source is translated into the actions it needs, plain and with a version', () => {
  const source =
    "import { GetObjectCommand } from '@aws-sdk/client-s3'; send(new GetObjectCommand({ VersionId: '1' }));";
  expect(new Set(actionsIn(source))).toEqual(new Set(['s3:GetObject', 's3:ListBucket', 's3:GetObjectVersion']));
});

it('a transaction is translated into the actions of its parts, and an unknown client is an error', () => {
  expect(actionsIn('new TransactWriteItemsCommand({ TransactItems: [{ Put: { x } }, { Update: { y } }] });')).toEqual([
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  ]);
  const unknown = "import { RunCommand } from '@aws-sdk/client-other'; new RunCommand({});";
  expect(() => actionsIn(unknown)).toThrow(/no client is known whose call is Run/);
});
