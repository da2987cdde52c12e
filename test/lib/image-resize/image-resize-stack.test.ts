import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';
import { imageResizeSettings } from '../../../lib/image-resize/image-resize-settings';

const template = synthesize().template('ImageResize');

/** Returns the logical id of the only resource of a type whose id starts with `start`. */
function idOf(type: string, start: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => id.startsWith(start));
  expect(ids).toHaveLength(1);
  return ids[0]!;
}

const functionId = idOf('AWS::Lambda::Function', 'ResizeImage');
const uploadId = idOf('AWS::S3::Bucket', 'Upload');
const resizedId = idOf('AWS::S3::Bucket', 'Resized');
const failuresId = idOf('AWS::SQS::Queue', 'Failures');
const notFoundId = idOf('AWS::SQS::Queue', 'NotFound');

it('an upload, a removal and an expiry each invoke ResizeImage', () => {
  const Function = { 'Fn::GetAtt': [functionId, 'Arn'] };
  template.hasResource('AWS::S3::Bucket', {
    Properties: {
      NotificationConfiguration: {
        LambdaConfigurations: [
          { Event: 's3:ObjectCreated:*', Function },
          { Event: 's3:ObjectRemoved:*', Function },
          { Event: 's3:LifecycleExpiration:*', Function },
        ],
      },
    },
    DependsOn: [Match.stringLikeRegexp('^UploadMayInvoke')],
  });
});

it('only S3 of this account may invoke ResizeImage', () => {
  template.resourceCountIs('AWS::Lambda::Permission', 1);
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: { 'Fn::GetAtt': [functionId, 'Arn'] },
    Principal: 's3.amazonaws.com',
    SourceAccount: { Ref: 'AWS::AccountId' },
  });
});

it('an event is tried again within its maximum age and then set aside in the Failures queue', () => {
  const { retryAttempts, maximumEventAgeSeconds } = imageResizeSettings.parse({});
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: functionId },
    MaximumRetryAttempts: retryAttempts,
    MaximumEventAgeInSeconds: maximumEventAgeSeconds,
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [failuresId, 'Arn'] } } },
  });
});

it('ResizeImage has exactly the permissions that it uses, on its buckets and its queue', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as {
    Properties: { PolicyDocument: { Statement: { Action: unknown; Resource: unknown; Effect: string }[] } };
  }[];
  const granted = policies
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource }) =>
      [Resource]
        .flat()
        .map((resource) => `${Effect} ${[Action].flat().map(String).sort().join(' ')} on ${JSON.stringify(resource)}`),
    );
  const arn = (id: string) => `{"Fn::GetAtt":["${id}","Arn"]}`;
  const objects = (id: string) => `{"Fn::Join":["",[${arn(id)},"/*"]]}`;
  expect(granted.sort()).toEqual(
    [
      `Allow s3:GetObject s3:GetObjectVersion on ${objects(uploadId)}`,
      `Allow s3:DeleteObject s3:GetObject s3:PutObject on ${objects(resizedId)}`,
      `Allow s3:ListBucket on ${arn(uploadId)}`,
      `Allow s3:ListBucket on ${arn(resizedId)}`,
      `Allow s3:ListBucketVersions on ${arn(uploadId)}`,
      `Allow sqs:SendMessage on ${arn(failuresId)}`,
      `Allow sqs:SendMessage on ${arn(notFoundId)}`,
      `Allow logs:CreateLogStream logs:PutLogEvents on ${arn(idOf('AWS::Logs::LogGroup', 'ResizeImage'))}`,
      'Allow xray:PutTelemetryRecords xray:PutTraceSegments on "*"',
    ].sort(),
  );
});

it('a photo gets four variants, one of them with the watermark', () => {
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function')).filter(
    (one) =>
      (one as { Properties: { Handler: string } }).Properties.Handler === 'index.handler' &&
      'Environment' in one['Properties'],
  ) as [{ Properties: { Environment: { Variables: { VARIANTS: string } } } }];
  const variants = JSON.parse(Properties.Environment.Variables.VARIANTS) as { name: string; watermark?: object }[];
  expect(variants.map((variant) => variant.name)).toEqual(['thumbnail', 'medium', 'large', 'preview']);
  expect(variants.filter((variant) => variant.watermark).map((variant) => variant.name)).toEqual(['preview']);
});

it('other systems find the architecture by its outputs', () => {
  const outputs = Object.keys(template.findOutputs('*')).sort();
  expect(outputs).toEqual([
    'AlarmTopicArn',
    'FailuresQueueUrl',
    'NotFoundQueueUrl',
    'ResizeImageFunctionName',
    'ResizedBucketName',
    'UploadBucketName',
  ]);
});

it('with a prefix, only uploads under it are resized', () => {
  const prefixed = synthesize({ 'image-resize': { input: { prefix: 'photos/' } } }).template('ImageResize');
  prefixed.hasResourceProperties('AWS::S3::Bucket', {
    NotificationConfiguration: {
      LambdaConfigurations: Match.arrayWith([
        Match.objectLike({ Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'photos/' }] } } }),
      ]),
    },
  });
  const text = JSON.stringify(prefixed.findResources('AWS::IAM::Policy'));
  expect(text).toContain('"/photos/*"');
});

it('input and output can share one bucket under two prefixes', () => {
  const settings = { input: { prefix: 'in/' }, output: { bucket: 'upload', prefix: 'out/' } };
  const one = synthesize({ 'image-resize': settings }).template('ImageResize');
  one.resourceCountIs('AWS::S3::Bucket', 2);
  expect(JSON.stringify(one.findResources('AWS::Lambda::Function'))).not.toContain('RESIZED_BUCKET_NAME');
});

templatesChangeOnlyOnPurpose('ImageResize', [{ stage: 'prod' }]);
