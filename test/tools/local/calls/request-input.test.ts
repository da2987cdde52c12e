import type { Request } from '../../../../tools/local/calls/call';
import { readInput } from '../../../../tools/local/calls/request-input';
import type { Member, ServiceModel } from '../../../../tools/local/calls/service-model';

const bucketAndKey: Record<string, Member> = {
  Bucket: { shape: 'Text', location: 'uri' },
  Key: { shape: 'Text', location: 'uri' },
};

const rest: ServiceModel = {
  protocol: 'rest-xml',
  operations: {
    PutObject: { method: 'PUT', uri: '/{Bucket}/{Key+}', input: 'Put', payload: 'Body' },
    CopyObject: { method: 'PUT', uri: '/{Bucket}/{Key+}', input: 'Copy' },
    UploadPart: { method: 'PUT', uri: '/{Bucket}/{Key+}', input: 'Part', payload: 'Body' },
    PutObjectTagging: { method: 'PUT', uri: '/{Bucket}/{Key+}?tagging', input: 'Tagging', payload: 'Tagging' },
    ListObjectsV2: { method: 'GET', uri: '/{Bucket}?list-type=2', input: 'List' },
  },
  shapes: {
    Put: { type: 'structure', required: ['Bucket', 'Key'], members: { ...bucketAndKey, Body: { shape: 'Blob' } } },
    Copy: {
      type: 'structure',
      required: ['Bucket', 'Key', 'CopySource'],
      members: {
        ...bucketAndKey,
        CopySource: { shape: 'Text', location: 'header', locationName: 'x-amz-copy-source' },
      },
    },
    Part: {
      type: 'structure',
      required: ['Bucket', 'Key', 'PartNumber'],
      members: {
        ...bucketAndKey,
        PartNumber: { shape: 'Number', location: 'querystring', locationName: 'partNumber' },
        Body: { shape: 'Blob' },
      },
    },
    Tagging: { type: 'structure', members: { ...bucketAndKey, Tagging: { shape: 'TagSet' } } },
    List: { type: 'structure', members: { Bucket: { shape: 'Text', location: 'uri' } } },
  },
};

const request = (method: string, path: string, more: Partial<Request> = {}): Request => ({
  service: 's3',
  method,
  path,
  headers: {},
  body: '',
  ...more,
});

it.each([
  ['PutObject', request('PUT', '/b/a/b.jpg?x-id=PutObject'), { Bucket: 'b', Key: 'a/b.jpg' }],
  [
    'CopyObject',
    request('PUT', '/b/k', { headers: { 'X-Amz-Copy-Source': 'b/other' } }),
    { Bucket: 'b', Key: 'k', CopySource: 'b/other' },
  ],
  ['UploadPart', request('PUT', '/b/k?partNumber=3&uploadId=u'), { Bucket: 'b', Key: 'k', PartNumber: '3' }],
  ['PutObjectTagging', request('PUT', '/b/k?tagging='), { Bucket: 'b', Key: 'k' }],
  ['ListObjectsV2', request('GET', '/b?list-type=2&prefix=a'), { Bucket: 'b' }],
])('%s is recognized by path, query and required headers', (operation, sent, input) => {
  expect(readInput(sent, rest)).toMatchObject({ operation, input });
});

it('a key is decoded, and the content of an object stays unread', () => {
  const read = readInput(request('PUT', '/b/a%20b%2B.jpg'), rest);
  expect(read?.input).toEqual({ Bucket: 'b', Key: 'a b+.jpg' });
  expect([...(read?.unread ?? [])]).toEqual(['Body']);
});

it('a JSON request is named by its target and has its body as the input', () => {
  const json: ServiceModel = { protocol: 'json', operations: { GetItem: { method: 'POST', uri: '/' } }, shapes: {} };
  const sent = request('POST', '/', {
    headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    body: '{"TableName":"Orders"}',
  });
  expect(readInput(sent, json)).toMatchObject({ operation: 'GetItem', input: { TableName: 'Orders' } });
});

it('a form has the members at its top; nested ones stay unread', () => {
  const query: ServiceModel = {
    protocol: 'query',
    operations: { Publish: { method: 'POST', uri: '/', input: 'Publish' } },
    shapes: {
      Publish: { type: 'structure', members: { Message: { shape: 'Text' }, MessageAttributes: { shape: 'Map' } } },
    },
  };
  const body = 'Action=Publish&Message=hello+you&MessageAttributes.entry.1.Name=a&Version=2010-03-31';
  const read = readInput(request('POST', '/', { body }), query);
  expect(read).toMatchObject({ operation: 'Publish', input: { Message: 'hello you' } });
  expect(read?.unread.has('MessageAttributes')).toBe(true);
});

it('an operation that the model does not have is undefined', () => {
  expect(readInput(request('PATCH', '/b/k'), rest)).toBeUndefined();
});
