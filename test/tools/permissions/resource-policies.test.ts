import { grantsToSenders, needsOfPolling, needsOfSenders } from '../../../tools/permissions/resource-policies';
import type { Resource, Template } from '../../../tools/template/template';

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const resource = (Type: string, Properties: Resource['Properties'] = {}): Resource => ({ Type, Properties });
const allow = (service: string, Action: string | string[], id: string) => ({
  Effect: 'Allow',
  ...{ Principal: { Service: service }, Action, Resource: arn(id) },
});
const policyOf = (...Statement: object[]) => ({ PolicyDocument: { Statement } });

/** Template with every kind of sender, and exactly the policies that they need. */
const whole: Template = {
  Resources: {
    Queue: resource('AWS::SQS::Queue'),
    Failures: resource('AWS::SQS::Queue'),
    Topic: resource('AWS::SNS::Topic'),
    Work: resource('AWS::Lambda::Function'),
    Machine: resource('AWS::StepFunctions::StateMachine'),
    Rule: resource('AWS::Events::Rule', {
      Targets: [
        { Arn: arn('Queue'), DeadLetterConfig: { Arn: arn('Failures') } },
        // By its role, which another test checks.
        { Arn: arn('Machine'), RoleArn: arn('Role') },
      ],
    }),
    Bucket: resource('AWS::S3::Bucket', {
      NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arn('Work') }] },
    }),
    Alarm: resource('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: 'Topic' }] }),
    Mapping: resource('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: 'Work' },
      EventSourceArn: arn('Queue'),
    }),
    Invoked: resource('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: 'Work' },
      DestinationConfig: { OnFailure: { Destination: arn('Failures') } },
    }),
    QueuePolicy: resource('AWS::SQS::QueuePolicy', policyOf(allow('events.amazonaws.com', 'sqs:SendMessage', 'Queue'))),
    FailuresPolicy: resource(
      'AWS::SQS::QueuePolicy',
      policyOf(
        { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: arn('Failures') },
        allow('events.amazonaws.com', 'sqs:SendMessage', 'Failures'),
      ),
    ),
    TopicPolicy: resource('AWS::SNS::TopicPolicy', policyOf(allow('cloudwatch.amazonaws.com', 'sns:Publish', 'Topic'))),
    MayInvoke: resource('AWS::Lambda::Permission', {
      ...{ Principal: 's3.amazonaws.com', Action: 'lambda:InvokeFunction', FunctionName: arn('Work') },
    }),
  },
};
const changed = (id: string, to: Resource | undefined): Template => {
  const { [id]: _, ...others } = whole.Resources;
  return { Resources: to === undefined ? others : { ...others, [id]: to } };
};
const without = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...one].filter((need) => !other.has(need));

it('rules, notifications and alarms need the action of their target', () => {
  expect([...needsOfSenders(whole)].toSorted()).toEqual([
    'cloudwatch.amazonaws.com sns:Publish Topic',
    'events.amazonaws.com sqs:SendMessage Failures',
    'events.amazonaws.com sqs:SendMessage Queue',
    's3.amazonaws.com lambda:InvokeFunction Work',
  ]);
  expect([...grantsToSenders(whole)].toSorted()).toEqual([...needsOfSenders(whole)].toSorted());
});

it.each([
  ['QueuePolicy', 'events.amazonaws.com sqs:SendMessage Queue'],
  ['TopicPolicy', 'cloudwatch.amazonaws.com sns:Publish Topic'],
  ['MayInvoke', 's3.amazonaws.com lambda:InvokeFunction Work'],
])('a template without %s lacks a needed permission', (id, missing) => {
  const template = changed(id, undefined);
  expect(without(needsOfSenders(template), grantsToSenders(template))).toEqual([missing]);
});

it('an extra action in a policy, and a policy without its sender, are excess', () => {
  const actions = ['sqs:SendMessage', 'sqs:GetQueueUrl'];
  const wide = changed(
    'QueuePolicy',
    resource('AWS::SQS::QueuePolicy', policyOf(allow('events.amazonaws.com', actions, 'Queue'))),
  );
  expect(without(grantsToSenders(wide), needsOfSenders(wide))).toEqual(['events.amazonaws.com sqs:GetQueueUrl Queue']);
  const orphaned = changed('Alarm', undefined);
  expect(without(grantsToSenders(orphaned), needsOfSenders(orphaned))).toEqual([
    'cloudwatch.amazonaws.com sns:Publish Topic',
  ]);
});

it("a function's role polls its event sources and sends to its on-failure destination", () => {
  expect([...(needsOfPolling(whole).get('Work') ?? [])]).toEqual([
    'sqs:ReceiveMessage Queue',
    'sqs:DeleteMessage Queue',
    'sqs:GetQueueAttributes Queue',
    'sqs:SendMessage Failures',
  ]);
});

it('an unknown type of target is an error', () => {
  const odd = changed('Queue', resource('AWS::Kinesis::Stream'));
  expect(() => needsOfSenders(odd)).toThrow("unknown type of target 'AWS::Kinesis::Stream'");
});
