import { grantsOf } from '../../../tools/template/grants';
import type { Template } from '../../../tools/template/template';
import { classify, operationsIn, staleAcceptances, unexplained, uses } from '../../../tools/permissions/verdicts';
import type { GatheredCall } from '../../../tools/local/calls/gather';

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const objects = (id: string) => ({ 'Fn::Join': ['', [arn(id), '/*']] });
const at = (path: string) => ({ 'aws:cdk:path': `Stack/${path}/Resource` });

const template: Template = {
  Resources: {
    Fn1: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('Role1') }, Metadata: at('Copy/Function') },
    CustomProvider: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('Role1') } },
    Role1: { Type: 'AWS::IAM::Role', Properties: {} },
    Source: { Type: 'AWS::S3::Bucket', Metadata: at('Source') },
    Backup: { Type: 'AWS::S3::Bucket', Metadata: at('Backup') },
    Failures: { Type: 'AWS::SQS::Queue', Metadata: at('Failures') },
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Fn1' }, DestinationConfig: { OnFailure: { Destination: arn('Failures') } } },
    },
    Policy1: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        Roles: [{ Ref: 'Role1' }],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: ['s3:GetObject', 's3:PutObject'],
              Resource: [objects('Source'), objects('Backup')],
            },
            { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn('Failures') },
            { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
          ],
        },
      },
    },
  },
};
const copy: GatheredCall = {
  stack: 'Stack',
  function: 'Fn1',
  service: 's3',
  operation: 'CopyObject',
  resources: ['Backup', 'Source'],
};
const grants = grantsOf(template);
const statuses = (calls: readonly GatheredCall[], acceptedUnused: Parameters<typeof classify>[2] = []) =>
  Object.fromEntries(
    classify(grants, operationsIn(calls), acceptedUnused, template).map(({ grant, status }) => [
      `${grant.action} ${grant.on}`,
      status,
    ]),
  );

it("grants are every allowed action on every resource of our own functions' roles", () => {
  expect(grants.map(({ name, action, on }) => `${name} ${action} ${on}`)).toEqual([
    'Copy s3:GetObject Backup',
    'Copy s3:PutObject Backup',
    'Copy sqs:SendMessage Failures',
    'Copy s3:GetObject Source',
    'Copy s3:PutObject Source',
  ]);
});

it('a copy reads from one bucket and writes to the other, and does not use grants for the opposite direction', () => {
  expect(statuses([copy])).toEqual({
    's3:GetObject Source': 'used',
    's3:PutObject Backup': 'used',
    's3:GetObject Backup': 'unused',
    's3:PutObject Source': 'unused',
    'sqs:SendMessage Failures': 'by the service',
  });
});

it("another function's calls use nothing of this one's", () => {
  expect(Object.values(statuses([{ ...copy, function: 'Fn2' }]))).not.toContain('used');
});

const acceptedFor = (despite: 'no use' | 'chance' | 'no failure') => ({
  ...{ function: 'Copy', action: 's3:PutObject', on: 'Backup', despite },
  reason: 'only above five gigabytes',
});

it('an entry for no failure does not accept an unused grant, and is not stale when it is used', () => {
  const accepted = acceptedFor('no failure');
  expect(statuses([], [accepted])).toMatchObject({ 's3:PutObject Backup': 'unused' });
  expect(staleAcceptances(classify(grants, operationsIn([copy]), [accepted], template), [accepted])).toEqual([]);
});

it('an entry for chance accepts an unused grant, and is not stale when it is used', () => {
  const accepted = acceptedFor('chance');
  expect(statuses([], [accepted])).toMatchObject({ 's3:PutObject Backup': 'accepted' });
  expect(staleAcceptances(classify(grants, operationsIn([copy]), [accepted], template), [accepted])).toEqual([]);
});

it('an entry for no use accepts an unused grant, and is stale once something uses it', () => {
  const accepted = acceptedFor('no use');
  expect(statuses([], [accepted])).toMatchObject({
    's3:PutObject Backup': 'accepted',
    's3:PutObject Source': 'unused',
  });
  expect(staleAcceptances(classify(grants, operationsIn([]), [accepted], template), [accepted])).toEqual([]);
  expect(staleAcceptances(classify(grants, operationsIn([copy]), [accepted], template), [accepted])).toEqual([
    accepted,
  ]);
});

it('a call without a grant is reported', () => {
  const query = { ...copy, service: 'dynamodb', operation: 'Query', resources: ['Orders'] };
  expect(unexplained([copy, query], grants)).toEqual([query]);
});

it('inline policies are read too, and an ARN in text stays text', () => {
  const inline: Template = {
    Resources: {
      Fn1: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('Role1') } },
      Role1: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyDocument: {
                Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::my-data/*' },
              },
            },
          ],
        },
      },
    },
  };
  const [grant] = grantsOf(inline);
  expect(grant).toMatchObject({ action: 's3:GetObject', resource: 'arn:aws:s3:::my-data/*' });
  const call = { ...copy, operation: 'GetObject', resources: ['my-data'] };
  expect(classify(grantsOf(inline), operationsIn([call]), [], inline)[0]?.status).toBe('used');
});

describe('a grant on a pattern of ARNs', () => {
  const grantOn = (action: string, resource: string) => ({
    function: 'Fn1',
    name: 'Fn',
    action,
    resource,
    on: resource,
  });
  const called = (service: string, operation: string, resource: string): GatheredCall => ({
    ...{ stack: 'Stack', function: 'Fn1', service, operation },
    resources: [resource],
  });

  it('is used by a call on what matches it, and not by others', () => {
    const tagging = called('tag', 'TagResources', 'arn:aws:sqs:eu-west-1:1:q');
    expect(uses(tagging, grantOn('sqs:TagQueue', 'arn:…:sqs:…:…:*'))).toBe(true);
    expect(uses(tagging, grantOn('lambda:TagResource', 'arn:…:lambda:…:…:function:*'))).toBe(false);
    expect(uses(tagging, grantOn('tag:TagResources', '*'))).toBe(true);
  });

  it('of all buckets is used by a call that names a bucket', () => {
    const read = called('s3', 'GetBucketTagging', 'photos');
    expect(uses(read, grantOn('s3:GetBucketTagging', 'arn:…:s3:::*'))).toBe(true);
    expect(uses(read, grantOn('s3:GetBucketTagging', 'arn:…:s3:::other'))).toBe(false);
  });
});
