import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { architectures } from '../lib/architectures';
import { findHandlers } from '../lib/bundling/bundle-handlers';
import { statements } from './rules/access-rules';
import { ofType, references, type Resource, type Subject } from './rules/rule';
import { root, synthesize } from './synthesis';

/**
 * The IAM actions that a call of the SDK needs, from the service authorization reference.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  // ListBucket makes a missing key a 404 instead of a 403.
  HeadObjectCommand: ['s3:GetObject', 's3:ListBucket'],
  GetObjectCommand: ['s3:GetObject', 's3:ListBucket'],
  PutObjectCommand: ['s3:PutObject'],
  DeleteObjectsCommand: ['s3:DeleteObject'],
  ListObjectsV2Command: ['s3:ListBucket'],
  GetObjectTaggingCommand: ['s3:GetObjectTagging'],
  PutObjectTaggingCommand: ['s3:PutObjectTagging'],
  // A copy takes the tags along: it reads those of the source and writes those of the copy.
  CopyObjectCommand: ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObject', 's3:PutObjectTagging'],
  CreateMultipartUploadCommand: ['s3:PutObject', 's3:PutObjectTagging'],
  UploadPartCopyCommand: ['s3:GetObject', 's3:PutObject'],
  CompleteMultipartUploadCommand: ['s3:PutObject'],
  AbortMultipartUploadCommand: ['s3:AbortMultipartUpload'],
  DescribeExecutionCommand: ['states:DescribeExecution'],
  ChangeMessageVisibilityCommand: ['sqs:ChangeMessageVisibility'],
  ChangeMessageVisibilityBatchCommand: ['sqs:ChangeMessageVisibility'],
  ReceiveMessageCommand: ['sqs:ReceiveMessage'],
  DeleteMessageCommand: ['sqs:DeleteMessage'],
  DeleteMessageBatchCommand: ['sqs:DeleteMessage'],
  SendMessageCommand: ['sqs:SendMessage'],
  SendMessageBatchCommand: ['sqs:SendMessage'],
  GetQueueAttributesCommand: ['sqs:GetQueueAttributes'],
  GetItemCommand: ['dynamodb:GetItem'],
  BatchGetItemCommand: ['dynamodb:BatchGetItem'],
  PutItemCommand: ['dynamodb:PutItem'],
  UpdateItemCommand: ['dynamodb:UpdateItem'],
  QueryCommand: ['dynamodb:Query'],
  StartExecutionCommand: ['states:StartExecution'],
  SendTaskSuccessCommand: ['states:SendTaskSuccess'],
  PublishCommand: ['sns:Publish'],
  SendEmailCommand: ['ses:SendEmail'],
  GetSecretValueCommand: ['secretsmanager:GetSecretValue'],
  InvokeCommand: ['lambda:InvokeFunction'],
};

/** What is called only with a setting that is off by default; the stack's own tests hold what that setting grants. */
const behindSettings: Readonly<Record<string, readonly string[]>> = {
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

/** A call whose version is named needs its own action beside that of the plain call. */
const ofVersions: Readonly<Record<string, string>> = {
  GetObjectCommand: 's3:GetObjectVersion',
  HeadObjectCommand: 's3:GetObjectVersion',
  GetObjectTaggingCommand: 's3:GetObjectVersionTagging',
};

/** What AWS does in a function's name: nothing in its code calls these. */
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
  'the event source mapping': (subject, functionId) =>
    targets(subject, 'AWS::Lambda::EventSourceMapping', functionId)
      ? ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']
      : [],
};

function isInVpc(subject: Subject, functionId: string): boolean {
  return subject.resources.get(functionId)?.Properties?.['VpcConfig'] !== undefined;
}

function targets(subject: Subject, type: string, functionId: string): boolean {
  return ofType(subject, type).some(({ properties }) => references(properties['FunctionName']).includes(functionId));
}

/** The actions that the calls in a handler's own code need; what it imports and never uses is not in its bundle. */
function called(handler: string): Set<string> {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [join('lambda', `${handler}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
    logLevel: 'error',
  });
  return new Set(outputFiles.flatMap(({ text }) => actionsIn(text)));
}

function actionsIn(source: string): string[] {
  // A token is signed without a call; whoever shows it needs this.
  const connects = source.includes('rds-token') && /new Signer\d*\(/.test(source) ? ['rds-db:connect'] : [];
  const calls = [...source.matchAll(/new (\w+Command)\d*\(([^;]*)/g)].flatMap(([, command = '', argument = '']) => {
    if (command === 'TransactWriteItemsCommand') {
      const parts = Object.entries(transactionParts).filter(([part]) => new RegExp(`\\b${part}: \\{`).test(source));
      return parts.map(([, action]) => action);
    }
    const actions = actionsOf[command];
    if (actions === undefined) throw new Error(`${command} is not in the table of actions: add what it needs`);
    const versioned = /\bVersionId\b/.test(argument) ? (ofVersions[command] ?? []) : [];
    return [...actions, ...[versioned].flat()];
  });
  return [...calls, ...connects];
}

/** The actions that a function's role grants, by the function's logical id. */
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

  it('may do everything that its code calls', () => {
    const may = granted(subject, functionId);
    const optional = behindSettings[handler] ?? [];
    expect([...called(handler)].filter((action) => !may.has(action) && !optional.includes(action))).toEqual([]);
  });

  it('may do nothing else, but for what AWS does in its name', () => {
    const uses = called(handler);
    expect(
      [...granted(subject, functionId)].filter((action) => !uses.has(action) && !ofService.includes(action)),
    ).toEqual([]);
  });
});

it('a call in the source is translated into the actions it needs', () => {
  expect(actionsIn("send(new GetObjectCommand({ Bucket, VersionId: '1' }));")).toEqual([
    's3:GetObject',
    's3:ListBucket',
    's3:GetObjectVersion',
  ]);
  expect(actionsIn('new TransactWriteItemsCommand({ TransactItems: [{ Put: { x } }, { Update: { y } }] });')).toEqual([
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  ]);
  expect(() => actionsIn('new UnknownCommand({});')).toThrow(/UnknownCommand is not in the table/);
});
