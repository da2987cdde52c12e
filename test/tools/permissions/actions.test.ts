import { actionsOf } from '../../../tools/permissions/actions';

it.each([
  ['dynamodb', 'UpdateItem', ['dynamodb:UpdateItem']],
  ['sqs', 'SendMessageBatch', ['sqs:SendMessage']],
  ['lambda', 'Invoke', ['lambda:InvokeFunction']],
  ['s3', 'HeadObject', ['s3:GetObject']],
  ['s3', 'HeadMissingObject', ['s3:GetObject', 's3:ListBucket']],
  ['s3', 'UploadPart', ['s3:PutObject']],
  ['monitoring', 'DescribeAlarms', ['cloudwatch:DescribeAlarms']],
])('%s %s needs %j', (service, operation, actions) => {
  expect(actionsOf(service, operation)).toEqual(actions);
});

it('a copy takes the tags along, so it needs the actions for tags', () => {
  expect(actionsOf('s3', 'CopyObject')).toEqual(
    expect.arrayContaining(['s3:GetObject', 's3:GetObjectTagging', 's3:PutObject', 's3:PutObjectTagging']),
  );
});
