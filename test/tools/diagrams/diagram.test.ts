import { diagramOf } from '../../../tools/diagrams/diagram';
import { mermaid } from '../../../tools/diagrams/mermaid';
import type { Template } from '../../../tools/template/template';

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const role = (id: string, Action: string, target: string) => ({
  [`${id}Policy`]: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: `${id}Role` }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: arn(target) }] },
    },
  },
});
const template: Template = {
  Resources: {
    Orders: {
      Type: 'AWS::SQS::Queue',
      Properties: { RedrivePolicy: { deadLetterTargetArn: arn('Dead') } },
      Metadata: { 'aws:cdk:path': 'Stack/Orders/Queue/Resource' },
    },
    Dead: { Type: 'AWS::SQS::Queue' },
    Idle: { Type: 'AWS::SQS::Queue' },
    Fulfil: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('FulfilRole') } },
    Report: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('ReportRole') } },
    Stock: { Type: 'AWS::DynamoDB::GlobalTable' },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: arn('Orders'), FunctionName: { Ref: 'Fulfil' } },
    },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Dead', 'QueueName'] } }] },
    },
    ...role('Fulfil', 'dynamodb:UpdateItem', 'Stock'),
    ...role('Report', 'dynamodb:Query', 'Stock'),
  },
};

it('data flows from a queue through its mapping, to what is written and from what is read; failures go their own way', () => {
  const drawn = mermaid(diagramOf(template)).split('\n');
  expect(drawn.slice(-4)).toEqual([
    '  Fulfil --> Stock',
    '  Orders -.-> Dead',
    '  Orders --> Fulfil',
    '  Stock --> Report',
  ]);
});

it('a node tells how many alarms watch it, and what nothing leads to is left out', () => {
  const drawn = mermaid(diagramOf(template));
  expect(drawn).toContain('Dead[/"Dead<br/>1 alarm"/]');
  expect(drawn).toContain('Orders[/"Orders"/]');
  expect(drawn).not.toContain('Idle');
});
