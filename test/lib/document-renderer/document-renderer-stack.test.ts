import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';

const template = synthesize().template('DocumentRenderer');

it('RenderDocument is x86-64 with the layer, whatever processor the app has', () => {
  const arm = synthesize({ architecture: 'arm64' }).template('DocumentRenderer');
  arm.hasResourceProperties('AWS::Lambda::Function', { Architectures: ['x86_64'], Layers: [Match.anyValue()] });
  arm.hasResourceProperties('AWS::Lambda::LayerVersion', { CompatibleArchitectures: ['x86_64'] });
});

it('RenderDocument may read data, write documents, and nothing of another service than it needs', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as {
    Properties: { PolicyDocument: { Statement: { Action: string | string[] }[] } };
  }[];
  const actions = policies.flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.flatMap(({ Action }) => Action),
  );
  expect([...new Set(actions)].sort()).toEqual([
    'dynamodb:DeleteItem',
    'dynamodb:UpdateItem',
    'events:PutEvents',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:GetObject',
    's3:ListBucket',
    's3:PutObject',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'sqs:SendMessage',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

it('a message waits six timeouts of the function, and is received five times', () => {
  synthesize({ 'document-renderer': { timeoutSeconds: 100 } })
    .template('DocumentRenderer')
    .hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 600,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    });
});

it('items are forgotten before their documents expire', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ KEPT_SECONDS: String(89 * 86_400) }) },
  });
  template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([Match.objectLike({ Id: 'ForgetDocuments', ExpirationInDays: 90 })]),
    },
  });
});

templatesChangeOnlyOnPurpose('DocumentRenderer', [{ stage: 'prod' }]);
