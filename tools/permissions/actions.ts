/**
 * IAM actions of operations, by service and operation, from the service authorization reference.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
const differing: Readonly<Record<string, readonly string[]>> = {
  // ListBucket makes a missing key a 404 instead of a 403.
  's3 GetMissingObject': ['s3:GetObject', 's3:ListBucket'],
  's3 HeadMissingObject': ['s3:GetObject', 's3:ListBucket'],
  's3 HeadObject': ['s3:GetObject'],
  // A request with a version id needs this action in place of s3:GetObject.
  's3 GetObjectVersion': ['s3:GetObjectVersion'],
  's3 HeadObjectVersion': ['s3:GetObjectVersion'],
  // But not here: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
  's3 GetObjectVersionTagging': ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'],
  's3 HeadBucket': ['s3:ListBucket'],
  's3 ListObjectsV2': ['s3:ListBucket'],
  's3 ListObjectVersions': ['s3:ListBucketVersions'],
  's3 DeleteObjects': ['s3:DeleteObject'],
  // A copy includes the tags: it reads those of the source and writes those of the copy.
  's3 CopyObject': ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObject', 's3:PutObjectTagging'],
  's3 CopyObjectVersion': ['s3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:PutObject', 's3:PutObjectTagging'],
  's3 CreateMultipartUpload': ['s3:PutObject', 's3:PutObjectTagging'],
  's3 UploadPart': ['s3:PutObject'],
  's3 UploadPartCopy': ['s3:GetObject', 's3:PutObject'],
  's3 UploadPartCopyVersion': ['s3:GetObjectVersion', 's3:PutObject'],
  's3 CompleteMultipartUpload': ['s3:PutObject'],
  'sqs ChangeMessageVisibilityBatch': ['sqs:ChangeMessageVisibility'],
  'sqs DeleteMessageBatch': ['sqs:DeleteMessage'],
  'sqs SendMessageBatch': ['sqs:SendMessage'],
  // With tags in the request.
  'ec2 CreateSnapshot': ['ec2:CreateSnapshot', 'ec2:CreateTags'],
  'lambda Invoke': ['lambda:InvokeFunction'],
  // Signed as `monitoring`.
  'monitoring DescribeAlarms': ['cloudwatch:DescribeAlarms'],
  // It calls the services in its caller's name: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html
  'tag TagResources': [
    'tag:TagResources',
    'dynamodb:TagResource',
    'ecr:TagResource',
    'ecs:TagResource',
    'eks:TagResource',
    'elasticloadbalancing:AddTags',
    'kinesis:AddTagsToStream',
    'kinesis:TagResource',
    'kms:TagResource',
    'lambda:TagResource',
    'logs:TagResource',
    'rds:AddTagsToResource',
    'sns:TagResource',
    'sqs:TagQueue',
    'states:TagResource',
  ],
};

/** IAM actions that an operation needs: by default the one of its own name. */
export function actionsOf(service: string, operation: string): readonly string[] {
  return differing[`${service} ${operation}`] ?? [`${service}:${operation}`];
}
