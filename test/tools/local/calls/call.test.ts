import { callsOf, type Request } from '../../../../tools/local/calls/call';

const request = (more: Partial<Request>): Request => ({
  service: 's3',
  method: 'GET',
  path: '/',
  headers: {},
  body: '',
  ...more,
});
const calls = (more: Partial<Request>) =>
  callsOf(request(more)).map(({ operation, resources }) => [operation, ...resources].join(' '));

it.each([
  ['GET', '/photos/a%2Fb.jpg?x-id=GetObject', 'GetObject photos'],
  ['GET', '/photos/a.jpg?versionId=1', 'GetObjectVersion photos'],
  ['HEAD', '/photos/a.jpg', 'HeadObject photos'],
  ['PUT', '/photos/a.jpg', 'PutObject photos'],
  ['PUT', '/photos/a.jpg?tagging', 'PutObjectTagging photos'],
  ['GET', '/photos/a.jpg?tagging&versionId=1', 'GetObjectVersionTagging photos'],
  ['POST', '/photos/a.jpg?uploads', 'CreateMultipartUpload photos'],
  ['PUT', '/photos/a.jpg?partNumber=1&uploadId=u', 'UploadPart photos'],
  ['POST', '/photos/a.jpg?uploadId=u', 'CompleteMultipartUpload photos'],
  ['DELETE', '/photos/a.jpg?uploadId=u', 'AbortMultipartUpload photos'],
  ['DELETE', '/photos/a.jpg', 'DeleteObject photos'],
  ['GET', '/photos?list-type=2&prefix=a', 'ListObjectsV2 photos'],
  ['GET', '/photos/?list-type=2', 'ListObjectsV2 photos'],
  ['POST', '/photos/?delete=', 'DeleteObjects photos'],
  ['HEAD', '/photos', 'HeadBucket photos'],
  ['GET', '/photos/?tagging', 'GetBucketTagging photos'],
  ['PUT', '/photos/?tagging=', 'PutBucketTagging photos'],
  ['GET', '/?x-id=ListBuckets', 'ListBuckets'],
])('%s %s is %s', (method, path, expected) => {
  expect(calls({ method, path })).toEqual([expected]);
});

it('a copy names the bucket that it reads from, and whether it reads a certain version', () => {
  const headers = { 'x-amz-copy-source': 'source/a%2Fb.jpg' };
  expect(calls({ method: 'PUT', path: '/target/a.jpg', headers })).toEqual(['CopyObject target source']);
  expect(calls({ method: 'PUT', path: '/target/a.jpg?partNumber=2&uploadId=u', headers })).toEqual([
    'UploadPartCopy target source',
  ]);
  const ofVersion = { 'x-amz-copy-source': 'source/a%2Fb.jpg?versionId=1' };
  expect(calls({ method: 'PUT', path: '/target/a.jpg', headers: ofVersion })).toEqual([
    'CopyObjectVersion target source',
  ]);
});

const json = (service: string, target: string, body: object) =>
  calls({ service, method: 'POST', headers: { 'X-Amz-Target': target }, body: JSON.stringify(body) });

it('the tagging API has the prefix of IAM, and names ARNs', () => {
  const body = JSON.stringify({ ResourceARNList: ['arn:aws:sqs:r:1:q'], Tags: {} });
  const headers = { 'X-Amz-Target': 'ResourceGroupsTaggingAPI_20170126.TagResources' };
  expect(callsOf(request({ service: 'tagging', method: 'POST', headers, body }))).toEqual([
    { service: 'tag', operation: 'TagResources', resources: ['arn:aws:sqs:r:1:q'] },
  ]);
});

it('a transaction is the actions of its parts', () => {
  const TransactItems = [
    { Put: { TableName: 'Fulfilments' } },
    { Update: { TableName: 'Stock' } },
    { ConditionCheck: { TableName: 'Orders' } },
  ];
  expect(json('dynamodb', 'DynamoDB_20120810.TransactWriteItems', { TransactItems })).toEqual([
    'PutItem Fulfilments',
    'UpdateItem Stock',
    'ConditionCheckItem Orders',
  ]);
});

it.each([
  ['dynamodb', 'DynamoDB_20120810.GetItem', { TableName: 'Stock' }, 'GetItem Stock'],
  ['dynamodb', 'DynamoDB_20120810.BatchGetItem', { RequestItems: { A: {}, B: {} } }, 'BatchGetItem A B'],
  ['sqs', 'AmazonSQS.SendMessageBatch', { QueueUrl: 'https://h/0/q', Entries: [{}] }, 'SendMessageBatch q'],
  [
    'states',
    'AWSStepFunctions.StartExecution',
    { stateMachineArn: 'arn:aws:states:r:0:stateMachine:m' },
    'StartExecution m',
  ],
  [
    'states',
    'AWSStepFunctions.DescribeExecution',
    { executionArn: 'arn:aws:states:r:0:execution:m:e' },
    'DescribeExecution m',
  ],
  ['states', 'AWSStepFunctions.SendTaskSuccess', { taskToken: 't' }, 'SendTaskSuccess'],
  ['events', 'AWSEvents.PutEvents', { Entries: [{ EventBusName: 'bus' }, { EventBusName: 'bus' }] }, 'PutEvents bus'],
  ['secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'key' }, 'GetSecretValue key'],
  [
    'secretsmanager',
    'secretsmanager.GetSecretValue',
    { SecretId: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:api-key-1EC6-a1B2c3' },
    'GetSecretValue api-key-1EC6',
  ],
])('%s %s', (service, target, body, expected) => {
  expect(json(service, target, body)).toEqual([expected]);
});

it('a form has the operation, and the path of an invocation has the function', () => {
  const body = 'Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Ar%3A0%3Atopic';
  expect(calls({ service: 'sns', method: 'POST', body })).toEqual(['Publish topic']);
  const path = '/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3A0%3Afunction%3Af/invocations';
  expect(calls({ service: 'lambda', method: 'POST', path })).toEqual(['Invoke f']);
});

it('a body that is not JSON gives the operation alone', () => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };
  expect(calls({ service: 'dynamodb', headers, body: '<' })).toEqual(['GetItem']);
});

test('a call about a schedule is named by its method', () => {
  const path = '/schedules/r-1';
  const operations = ['POST', 'PUT', 'DELETE'].map((method) => calls({ service: 'scheduler', method, path }));
  expect(operations.flat()).toEqual(['CreateSchedule r-1', 'UpdateSchedule r-1', 'DeleteSchedule r-1']);
});

it('a call about builds names their projects', () => {
  const call = (operation: string, input: object) =>
    calls({
      service: 'codebuild',
      method: 'POST',
      headers: { 'X-Amz-Target': `CodeBuild_20161006.${operation}` },
      body: JSON.stringify(input),
    });
  expect(call('StartBuild', { projectName: 'Scan' })).toEqual(['StartBuild Scan']);
  expect(call('BatchGetBuilds', { ids: ['Scan:1', 'Scan:2', 'Test:3'] })).toEqual(['BatchGetBuilds Scan Test']);
  expect(call('StopBuild', { id: 'Scan:1' })).toEqual(['StopBuild Scan']);
});
