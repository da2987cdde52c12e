import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PrivateBucket } from '../constructs/private-bucket';

/** AWS's wildcards, without access control lists, locks, torrents and replication, none of which the bucket has. */
const objectActions = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersion',
  's3:DeleteObjectVersionTagging',
  's3:GetObject',
  's3:GetObjectAttributes',
  's3:GetObjectTagging',
  's3:GetObjectVersion',
  's3:GetObjectVersionAttributes',
  's3:GetObjectVersionTagging',
  's3:ListMultipartUploadParts',
  's3:PutObject',
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
];

/**
 * Makes the role with which S3 Files keeps a file system and its bucket alike. The rules, which tell it of changed objects, are
 * its own.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-prereq-policies.html
 */
export function makeSyncRole(parent: Construct, files: PrivateBucket): Role {
  const { account, region, partition } = Stack.of(parent);
  const rules = `arn:${partition}:events:${region}:${account}:rule/`;
  const role = new Role(parent, 'SyncRole', {
    description: 'What S3 Files may do with the files of the browser',
    assumedBy: new ServicePrincipal('elasticfilesystem.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:s3files:${region}:${account}:file-system/*` },
      },
    }),
    // Inline: the file system is made when the role can do all of it.
    inlinePolicies: {
      Synchronization: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['s3:ListBucket', 's3:ListBucketVersions'],
            resources: [files.bucket.bucketArn],
          }),
          new PolicyStatement({
            actions: objectActions,
            resources: [files.bucket.arnForObjects('*')],
          }),
          new PolicyStatement({
            actions: [
              'events:DeleteRule',
              'events:DisableRule',
              'events:EnableRule',
              'events:PutRule',
              'events:PutTargets',
              'events:RemoveTargets',
            ],
            resources: [`${rules}DO-NOT-DELETE-S3-Files*`],
            conditions: { StringEquals: { 'events:ManagedBy': 'elasticfilesystem.amazonaws.com' } },
          }),
          new PolicyStatement({
            actions: ['events:DescribeRule', 'events:ListTargetsByRule'],
            resources: [`${rules}*`],
          }),
          // AWS has them on rules too, but they take no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
          new PolicyStatement({ actions: ['events:ListRuleNamesByTarget', 'events:ListRules'], resources: ['*'] }),
        ],
      }),
    },
  });
  const finding = (resource: string) => `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`;
  const anyRule = `arn:${['<AWS::Partition>', 'events', '<AWS::Region>', '<AWS::AccountId>'].join(':')}:rule/`;
  Validations.of(role).acknowledge(
    { id: files.objectsFinding(''), reason: 'Every file of the file system.' },
    { id: finding(`${anyRule}DO-NOT-DELETE-S3-Files*`), reason: 'S3 Files names its rules, which it alone manages.' },
    { id: finding(`${anyRule}*`), reason: 'S3 Files looks for its rules; it may read others.' },
    { id: finding('*'), reason: 'Lists of rules have no resources.' },
  );
  return role;
}
