import { Aws, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ServiceFunction } from '../constructs/service-function';

const inRegion = (service: string, resource: string): string =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

const ec2Types = [
  'elastic-ip',
  'instance',
  'internet-gateway',
  'key-pair',
  'launch-template',
  'natgateway',
  'network-interface',
  'route-table',
  'security-group',
  'subnet',
  'volume',
  'vpc',
  'vpc-endpoint',
];

/** Actions that add tags, and their resources: those of the calls in `created-resources.ts`. */
const tagging: readonly { readonly action: string; readonly resources: readonly string[] }[] = [
  {
    action: 'ec2:CreateTags',
    resources: [
      ...ec2Types.map((type) => inRegion('ec2', `${type}/*`)),
      ...['image', 'snapshot'].map((type) => `arn:${Aws.PARTITION}:ec2:${Aws.REGION}::${type}/*`),
    ],
  },
  { action: 'lambda:TagResource', resources: [inRegion('lambda', 'function:*')] },
  { action: 'dynamodb:TagResource', resources: [inRegion('dynamodb', 'table/*')] },
  { action: 'sqs:TagQueue', resources: [inRegion('sqs', '*')] },
  { action: 'sns:TagResource', resources: [inRegion('sns', '*')] },
  { action: 'rds:AddTagsToResource', resources: [inRegion('rds', 'db:*'), inRegion('rds', 'cluster:*')] },
  { action: 'logs:TagResource', resources: [inRegion('logs', 'log-group:*')] },
  { action: 'states:TagResource', resources: [inRegion('states', 'stateMachine:*')] },
  { action: 'kms:TagResource', resources: [inRegion('kms', 'key/*')] },
  { action: 'ecr:TagResource', resources: [inRegion('ecr', 'repository/*')] },
  { action: 'ecs:TagResource', resources: [inRegion('ecs', 'cluster/*')] },
  { action: 'eks:TagResource', resources: [inRegion('eks', 'cluster/*')] },
  { action: 'elasticloadbalancing:AddTags', resources: [inRegion('elasticloadbalancing', 'loadbalancer/*')] },
  // Kinesis has two actions, and AWS does not say which of them the tagging API calls.
  { action: 'kinesis:AddTagsToStream', resources: [inRegion('kinesis', 'stream/*')] },
  { action: 'kinesis:TagResource', resources: [inRegion('kinesis', 'stream/*')] },
];

/**
 * Lets a function add tags to new resources, and denies it to overwrite one.
 *
 * The denial compares the keys in the request with the tags of the resource when the service evaluates the call, which closes the
 * time between reading and writing. S3 has no such condition for the tags of buckets.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 */
export function allowTagging(tagResources: ServiceFunction, keys: readonly string[]): void {
  const reading = ['DescribeTags', 'DescribeInstances', 'DescribeVolumes', 'DescribeNetworkInterfaces'];
  tagResources.allow(
    reading.map((operation) => `ec2:${operation}`),
    '*',
  );
  tagResources.allow(['tag:GetResources', 'tag:TagResources'], '*');
  const buckets = `arn:${Aws.PARTITION}:s3:::*`;
  tagResources.allow(['s3:GetBucketTagging', 's3:PutBucketTagging'], buckets);
  for (const { action, resources } of tagging) tagResources.allow([action], ...resources);
  for (const key of keys) {
    tagResources.role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: tagging.map(({ action }) => action),
        resources: ['*'],
        conditions: {
          Null: { [`aws:ResourceTag/${key}`]: 'false' },
          'ForAnyValue:StringEquals': { 'aws:TagKeys': [key] },
        },
      }),
    );
  }
  const reason = 'Every new resource of these types is tagged, whatever its name.';
  for (const resource of [buckets, ...tagging.flatMap(({ resources }) => resources)]) {
    Validations.of(tagResources.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${findingOf(resource)}]`,
      reason,
    });
  }
}

/** cdk-nag names pseudo parameters as in `<AWS::Region>`. */
function findingOf(resource: string): string {
  return resource
    .replaceAll(Aws.PARTITION, '<AWS::Partition>')
    .replaceAll(Aws.REGION, '<AWS::Region>')
    .replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>');
}
