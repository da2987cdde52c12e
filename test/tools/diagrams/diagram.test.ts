import { architectures } from '../../../lib/architectures';
import { diagramOf } from '../../../tools/diagrams/diagram';
import { layOut, loadGraphviz } from '../../../tools/diagrams/layout';
import { mermaid } from '../../../tools/diagrams/mermaid';
import type { Template } from '../../../tools/template/template';
import { synthesize } from '../../synthesis';

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const role = (id: string, Action: string | string[], target: string) => ({
  [`${id}${target}Policy`]: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: `${id}Role` }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: arn(target) }] },
    },
  },
});
const lambda = (id: string) => ({
  [id]: { Type: 'AWS::Lambda::Function', Properties: { Role: arn(`${id}Role`) } },
});
const definition = {
  States: { Ship: { Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: '@' } } },
};
const [before = '', after = ''] = JSON.stringify(definition).split('@');
const template: Template = {
  Resources: {
    Orders: {
      Type: 'AWS::SQS::Queue',
      Properties: { RedrivePolicy: { deadLetterTargetArn: arn('Dead') } },
      Metadata: { 'aws:cdk:path': 'Stack/Orders/Queue/Resource' },
    },
    Dead: { Type: 'AWS::SQS::Queue' },
    Idle: { Type: 'AWS::SQS::Queue' },
    ...lambda('Fulfil'),
    ...lambda('Report'),
    ...lambda('Redrive'),
    ...lambda('Ship'),
    Stock: { Type: 'AWS::DynamoDB::GlobalTable' },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: arn('Orders'), FunctionName: { Ref: 'Fulfil' } },
    },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Dead', 'QueueName'] } }] },
    },
    Shipping: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: arn('ShippingRole'),
        DefinitionString: { 'Fn::Join': ['', [before, arn('Ship'), after]] },
      },
    },
    Bus: { Type: 'AWS::Events::EventBus' },
    Ended: {
      Type: 'AWS::Events::Rule',
      Properties: { EventBusName: { Ref: 'Bus' }, Targets: [{ Arn: arn('Report') }] },
    },
    ...role('Fulfil', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], 'Stock'),
    ...role('Fulfil', 'sqs:ReceiveMessage', 'Orders'),
    ...role('Fulfil', 'states:StartExecution', 'Shipping'),
    ...role('Ship', 'dynamodb:PutItem', 'Stock'),
    ...role('Report', 'dynamodb:Query', 'Stock'),
    ...role('Redrive', ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], 'Dead'),
    ...role('Redrive', 'sqs:SendMessage', 'Orders'),
  },
};
const { nodes, edges } = diagramOf(template);
const edge = (from: string, to: string) => edges.find((one) => one.from === from && one.to === to)?.kind;

it('distinguishes data, failures and reads, and omits a read beside a write', () => {
  expect([edge('Orders', 'Fulfil'), edge('Orders', 'Dead')]).toEqual(['data', 'failure']);
  expect([edge('Fulfil', 'Stock'), edge('Stock', 'Fulfil'), edge('Stock', 'Report')]).toEqual([
    'data',
    undefined,
    'read',
  ]);
});

it('draws the redrive of dead letters to their queue', () => {
  expect([edge('Dead', 'Redrive'), edge('Redrive', 'Orders')]).toEqual(['failure', 'data']);
});

it('lists functions that a state machine invokes as its steps, with their edges', () => {
  expect(nodes.find(({ id }) => id === 'Shipping')?.steps).toEqual(['Ship']);
  expect(nodes.map(({ id }) => id)).not.toContain('Ship');
  expect([edge('Fulfil', 'Shipping'), edge('Shipping', 'Stock')]).toEqual(['data', 'data']);
});

it('names the AWS service and the number of alarms of each node, and omits nodes without edges', () => {
  const drawn = mermaid(diagramOf(template));
  expect(drawn).toContain('Dead[/"<b>Dead</b><br/>SQS · 1 alarm"/]');
  expect(drawn).toContain('Orders[/"<b>Orders</b><br/>SQS"/]');
  expect(drawn).toContain('Shipping[["<b>Shipping</b><br/>Step Functions<br/>Ship"]]');
  expect(drawn).not.toContain('Idle');
});

it('distinguishes buses and rules', () => {
  const services = ['Bus', 'Ended'].map((id) => nodes.find((node) => node.id === id)?.service);
  expect(services).toEqual(['EventBridge bus', 'EventBridge rule']);
  expect([edge('Bus', 'Ended'), edge('Ended', 'Report')]).toEqual(['data', 'data']);
});

it.each(architectures)('the diagram of $id is readable at 1,000 pixels', async ({ id }) => {
  const diagram = diagramOf(synthesize().template(id).toJSON() as Template);
  expect(layOut(diagram, await loadGraphviz()).width).toBeLessThanOrEqual(1_000);
});
