import { join } from 'node:path';
import { factsOf, permissionsOf, withDefaultProcessor } from '../../../tools/local/architecture-facts';
import type { Template } from '../../../tools/template/template';

const root = join(__dirname, '..', '..', '..');
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const trusting = (service: string) => ({ Statement: [{ Principal: { Service: `${service}.amazonaws.com` } }] });
const template: Template = {
  Resources: {
    Orders: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: arn('Dead') } } },
    Dead: { Type: 'AWS::SQS::Queue' },
    Take: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('Role') } },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusting('lambda') } },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:PurgeQueue'], Resource: arn('Orders') }],
        },
      },
    },
  },
};
const graph = { bb: '0,0,90,50', objects: [{ name: 'Orders', pos: '1,2' }], edges: [] };
const graphviz = (): string => JSON.stringify(graph);

it('an unknown fact is listed with its reason, beside the known ones', async () => {
  const facts = await factsOf(root, { id: 'Strange', slug: 'not-registered', template }, graphviz);
  expect(facts.diagram?.nodes.map(({ id }) => id)).toEqual(['Orders']);
  expect(facts.cost).toEqual({ fixed: 0, variable: 0, usage: '0 units a day' });
  expect(facts).not.toHaveProperty('faults');
  expect(facts.unknown).toEqual(['the faults: not-registered is not in the registry']);
});

it("the cost does not depend on this machine's processor", () => {
  const on = (processor: string): Template => ({
    Resources: { Take: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 512, Architectures: [processor] } } },
  });
  expect(withDefaultProcessor(on('x86_64'))).toEqual(on('arm64'));
});

it('every fault of the catalog has an answer', async () => {
  const { faults = [] } = await factsOf(root, { id: 'ImageResize', slug: 'image-resize', template }, graphviz);
  expect(faults.length).toBeGreaterThan(20);
  expect(faults.find(({ name }) => name === 'odd-keys')).toMatchObject({ answer: { provedBy: ['odd-keys'] } });
});

it('only calls of the architecture itself count as use of its permissions', () => {
  const call = { function: 'Take', service: 'sqs', operation: 'SendMessage', resources: ['Orders'] };
  const statuses = (stack: string): string[] =>
    permissionsOf(
      root,
      { id: 'Intake', slug: 'intake', template },
      { proved: true, stacks: ['Intake'], calls: [{ stack, ...call }] },
      true,
    ).grants.map(({ action, status }) => `${action} ${status}`);
  expect(statuses('Intake')).toEqual(['sqs:PurgeQueue unused', 'sqs:SendMessage used']);
  expect(statuses('Other')).toEqual(['sqs:PurgeQueue unused', 'sqs:SendMessage unused']);
});

it('the permissions of a service role are compared with its references', () => {
  const target = { Arn: arn('Take'), RoleArn: arn('Starter') };
  const allowed = { Effect: 'Allow', Action: ['lambda:InvokeFunction', 'lambda:GetFunction'], Resource: arn('Take') };
  const scheduled: Template = {
    Resources: {
      Take: { Type: 'AWS::Lambda::Function', Metadata: { 'aws:cdk:path': 'Intake/Take/Function/Resource' } },
      Daily: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: target } },
      Starter: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trusting('scheduler'),
          Policies: [{ PolicyDocument: { Statement: [allowed] } }],
        },
      },
    },
  };
  const none = { proved: true, stacks: [], calls: [] };
  const { grants } = permissionsOf(root, { id: 'Intake', slug: 'intake', template: scheduled }, none, false);
  expect(grants.map(({ role, action, on, status }) => `${role} ${action} ${on}: ${status}`)).toEqual([
    'Starter lambda:InvokeFunction Take/Function: by definition',
    'Starter lambda:GetFunction Take/Function: unused',
  ]);
});
