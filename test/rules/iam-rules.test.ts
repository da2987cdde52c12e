import { iamRules } from './iam-rules';
import { changed, extended, policy, ruleOf, sound, testRules, type Resources } from './sound-template';

const uploadBucket = Object.keys(sound.Resources).find((id) => /^Upload[0-9A-F]{8}$/.test(id)) ?? '';
const bucket = { 'Fn::GetAtt': [uploadBucket, 'Arn'] };
const objects = { 'Fn::Join': ['', [bucket, '/*']] };
const logs = (end: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-west-1:', { Ref: 'AWS::AccountId' }, `:log-group:x${end}`],
  ],
});
const machine: Resources = { Machine: { Type: 'AWS::StepFunctions::StateMachine' } };
const onlyBy = (...keys: string[]) => ({
  Condition: { StringEquals: Object.fromEntries(keys.map((key) => [key, 'x'])) },
});

const words = /statement of a policy/;

testRules(iamRules, [
  [words, extended(policy({ Action: 's3:ReadObject', Resource: objects })), /s3:ReadObject, which does not exist/],
  [words, extended(policy({ Action: 'es3:GetObject', Resource: objects })), /es3:GetObject, which does not exist/],
  [
    words,
    extended(policy({ Action: 's3:GetObject', Resource: bucket })),
    /allows s3:GetObject on arn:aws:s3:::name, none/,
  ],
  [
    words,
    extended(policy({ Action: ['s3:GetObject', 's3:ListBucket'], Resource: objects })),
    /^Broken allows s3:ListBucket on arn:aws:s3:::name\/\*, none of which it takes$/,
  ],
  [
    words,
    extended(policy({ Action: 's3:ListBucket', Resource: [bucket, objects] })),
    /^Broken names arn:aws:s3:::name\/\*, which none of s3:ListBucket takes$/,
  ],
  // CreateLogGroup is asked for on the group's streams.
  [words, extended(policy({ Action: 'logs:CreateLogGroup', Resource: logs('') })), /none of which it takes/],
  [words, extended(policy({ Action: 'logs:PutLogEvents', Resource: logs('') })), /none of which it takes/],
  [
    words,
    extended({ ...machine, ...policy({ Action: 'states:ListStateMachines', Resource: { Ref: 'Machine' } }) }),
    /allows states:ListStateMachines on arn:aws:states:.*:stateMachine:name, none/,
  ],
  [
    words,
    extended(policy({ Action: 's3:GetObject', Resource: objects, ...onlyBy('s3:prefix') })),
    /condition key s3:prefix, which s3:GetObject does not have/,
  ],
  [
    words,
    extended(policy({ Action: 's3:GetObject', Resource: objects, ...onlyBy('aws:SourceAcount') })),
    /condition key aws:SourceAcount/,
  ],
  [words, extended(policy({ NotAction: 's3:GetObject', Resource: objects })), /has NotAction/],
  [
    words,
    changed('AWS::IAM::Role', (p) =>
      Object.assign(p, { AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:AssumeTheRole' } } }),
    ),
    /sts:AssumeTheRole, which does not exist/,
  ],
  [
    words,
    changed('AWS::KMS::Key', (p) =>
      Object.assign(p, { KeyPolicy: { Statement: [{ Effect: 'Allow', Action: 'kms:GenerateKey*', Resource: '*' }] } }),
    ),
    /kms:GenerateKey\*, which does not exist/,
  ],
  [
    /permission of a function/,
    changed('AWS::Lambda::Permission', (p) => Object.assign(p, { Action: 'lambda:Invoke' })),
    /names lambda:Invoke, which does not exist/,
  ],
]);

it.each([
  ['an object', { Action: 's3:GetObject', Resource: objects }],
  ['each its own', { Action: ['s3:GetObject', 's3:ListBucket'], Resource: [bucket, objects] }],
  ['streams of a group', { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logs(':*') }],
  ['a group by its streams', { Action: 'logs:CreateLogGroup', Resource: logs(':*') }],
  ['an answer to a task', { Action: 'states:SendTaskSuccess', Resource: { Ref: 'Machine' } }],
  [
    'keys of the action, of all actions and with a name',
    {
      Action: 's3:GetObject',
      Resource: objects,
      ...onlyBy('s3:ExistingObjectTag/stage', 'aws:SourceAccount', 'aws:PrincipalTag/team'),
    },
  ],
])('a statement about %s breaks nothing', async (_, statement) => {
  const kept = extended({ ...machine, ...policy(statement) });
  expect(await ruleOf(iamRules, words).breaches(kept)).toEqual([]);
});
