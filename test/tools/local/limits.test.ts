import { limitsOf } from '../../../tools/local/limits';
import type { Resource } from '../../../tools/local/localize/assembly';

const topics = (...resources: Resource[]): string[] => {
  const entries = resources.map((resource, index) => [`R${index}`, resource] as const);
  return limitsOf({ Resources: Object.fromEntries(entries) }).map(({ topic }) => topic);
};

test('a stack without anything special has no limits', () => {
  expect(topics({ Type: 'AWS::SQS::Queue' })).toEqual([]);
});

test('limits follow the resources of a template, each once', () => {
  const bucket = { Type: 'AWS::S3::Bucket', Properties: { LifecycleConfiguration: { Rules: [] } } };
  expect(topics(bucket, bucket)).toEqual(['lifecycle rules', 'missing keys']);
});

test.each([
  [{ Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'Active' } } }, 'tracing', true],
  [{ Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'PassThrough' } } }, 'tracing', false],
  [
    { Type: 'AWS::StepFunctions::StateMachine', Properties: { TracingConfiguration: { Enabled: true } } },
    'tracing',
    true,
  ],
  [
    {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Orders', 'StreamArn'] } },
    },
    'streams',
    true,
  ],
  [
    { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
    'streams',
    false,
  ],
  [{ Type: 'AWS::Lambda::Function', Properties: { VpcConfig: { SubnetIds: [] } } }, 'network', true],
  [{ Type: 'AWS::Lambda::Function', Properties: { PackageType: 'Image' } }, 'container images', true],
])('%j: %s %s', (resource, topic, applies) => {
  expect(topics(resource as Resource).includes(topic)).toBe(applies);
});

test('every limit is a sentence', () => {
  const limits = limitsOf({
    Resources: { A: { Type: 'AWS::Lambda::EventInvokeConfig' }, B: { Type: 'AWS::Lambda::Function' } },
  });
  for (const { sentence } of limits) expect(sentence).toMatch(/^[A-Z].*\.$/);
});
