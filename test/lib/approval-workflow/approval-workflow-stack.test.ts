import validate from 'asl-validator';
import { Match } from 'aws-cdk-lib/assertions';
import { decideTimeoutSeconds, graceSeconds } from '../../../lib/approval-workflow/approval-states';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';
import { definitionsOf, statesOf } from '../asl';

const template = synthesize().template('ApprovalWorkflow');

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Statements of the role whose id begins so. */
function statementsOf(roleStart: string): Statement[] {
  const role = Object.keys(template.findResources('AWS::IAM::Role')).find((id) => id.startsWith(roleStart));
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as {
    Properties: { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } };
  }[];
  return policies
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

const actionsOf = (roleStart: string): string[] =>
  statementsOf(roleStart)
    .flatMap(({ Action }) => Action)
    .filter((action) => !/^(xray|logs):/.test(action))
    .sort();

const [, definition] = [...definitionsOf(template)][0]!;

const changing = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:PutItem'];
it.each([
  ['SubmitRequestRole', [...changing, 'lambda:InvokeFunction', 'ssm:GetParameter', 'states:StartExecution']],
  ['CheckRequestRole', [...changing, 'dynamodb:UpdateItem', 'ssm:GetParameter']],
  ['DecideRequestRole', ['dynamodb:GetItem', ...changing, 'states:SendTaskSuccess']],
  [
    'PublishEntriesRole',
    [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'events:PutEvents',
    ],
  ],
  ['CountMachinesRole', ['dynamodb:GetItem', 'dynamodb:Query', 'ec2:DescribeInstances', 'sqs:SendMessage']],
  [
    'MachinesRole',
    [
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ],
  ],
])('%s may do what it does, and nothing else', (role, actions) => {
  expect(actionsOf(role)).toEqual(actions);
});

it('machines are launched with the tag of the stack, tagged in the launch alone, and terminated by that tag', () => {
  const launch = statementsOf('LaunchMachineRole').filter(({ Condition }) => Condition !== undefined);
  expect(launch.map(({ Action, Condition }) => [Action, Condition])).toEqual([
    ['ec2:RunInstances', { StringEquals: { 'aws:RequestTag/ManagedBy': 'ApprovalWorkflow' } }],
    ['ec2:CreateTags', { StringEquals: { 'ec2:CreateAction': 'RunInstances' } }],
    ['iam:PassRole', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }],
    ['ec2:TerminateInstances', { StringEquals: { 'aws:ResourceTag/ManagedBy': 'ApprovalWorkflow' } }],
  ]);
  const free = statementsOf('LaunchMachineRole').filter(
    ({ Action, Condition }) => Condition === undefined && [Action].flat().includes('ec2:RunInstances'),
  );
  expect(JSON.stringify(free.map(({ Resource }) => Resource))).not.toMatch(/:(instance|volume)\//);
});

it('only signed calls reach SubmitRequest', () => {
  template.allResourcesProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
});

it('the log of the page has the route and never the path, which is a secret', () => {
  const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage')) as {
    Properties: { AccessLogSettings: { Format: string } };
  }[];
  const { Format } = stage!.Properties.AccessLogSettings;
  expect(Format).toContain('$context.routeKey');
  expect(Format).not.toMatch(/\$context\.(path|httpMethodPath|identity)/);
});

it('a machine has no way in and no way out', () => {
  const groups = Object.values(template.findResources('AWS::EC2::SecurityGroup')) as {
    Properties: { SecurityGroupEgress: object[] };
  }[];
  // CDK denies by a rule that matches no address.
  expect(groups.map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({ SecurityGroupEgress: [expect.objectContaining({ CidrIp: '255.255.255.255/32' })] }),
  ]);
  expect(groups[0]?.Properties).not.toHaveProperty('SecurityGroupIngress');
  expect(Object.keys(template.findResources('AWS::EC2::InternetGateway'))).toEqual([]);
});

it('events come from new entries alone: a deleted one has nothing to publish, and would block those behind it', () => {
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
  });
});

it('an end that fails for good waits in a queue: from the schedule and from the function', () => {
  const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
  expect(queues).toHaveLength(1);
  const invokeConfigs = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig')) as {
    Properties: { DestinationConfig: { OnFailure: { Destination: unknown } } };
  }[];
  for (const { Properties } of invokeConfigs) {
    expect(Properties.DestinationConfig.OnFailure.Destination).toEqual({ 'Fn::GetAtt': [queues[0], 'Arn'] });
  }
  expect(actionsOf('EndsRole')).toEqual(['lambda:InvokeFunction', 'sqs:SendMessage']);
});

describe('state machine', () => {
  it('is valid', () => {
    expect(validate(definition as never).isValid).toBe(true);
  });

  it('every task has a timeout, retries for hours while services are busy, and a way to close the request', () => {
    for (const [name, state] of statesOf(definition).filter(([, { Type }]) => Type === 'Task')) {
      expect([name, state.TimeoutSeconds]).toEqual([name, expect.any(Number)]);
      expect(JSON.stringify(state['Retry'])).toContain('ServiceBusyError');
      if (name === 'Close the request') continue;
      expect([name, state.Catch?.at(-1)]).toMatchObject([
        name,
        { ErrorEquals: ['States.ALL'], Next: 'Close the request' },
      ]);
    }
  });

  it('approvers are reminded once, and a decision of the last second still arrives', () => {
    const { 'Ask for approval': ask, 'Remind the approvers': remind } = definition.States;
    expect(ask?.TimeoutSeconds).toBe(86_400);
    expect(remind?.TimeoutSeconds).toBe(259_200 - 86_400 + graceSeconds);
    const [page] = Object.values(
      template.findResources('AWS::Lambda::Function', {
        Properties: { Description: Match.stringLikeRegexp('takes the decision') },
      }),
    );
    expect(page?.['Properties']).toMatchObject({ Timeout: decideTimeoutSeconds });
    expect(decideTimeoutSeconds).toBeLessThan(graceSeconds);
    for (const state of [ask, remind]) expect(JSON.stringify(state?.['Retry'])).not.toContain('States.Timeout');
  });

  it('a machine that does not run in time, or ends before, closes its request as failed', () => {
    const { 'Does it run?': look, 'Launch the machine': launch } = definition.States;
    expect(look).toMatchObject({
      Assign: { because: 'failed', reason: 'not-running-in-time' },
      Default: 'Close the request',
    });
    expect(launch?.Catch?.at(-1)).toMatchObject({ Assign: { because: 'failed', reason: 'launch-failed' } });
  });

  it('the end is scheduled before the machine is launched', () => {
    expect(definition.States['Schedule the end']?.['Next']).toBe('Launch or extend?');
    const toLaunch = statesOf(definition).filter(([, state]) => JSON.stringify(state).includes('"Launch the machine"'));
    expect(toLaunch.map(([name]) => name)).toEqual(['Launch or extend?', 'Let it start']);
  });
});

it('with systemsManager machines reach its endpoints and nothing else, and are waited for', () => {
  const settings = { 'approval-workflow': { systemsManager: true } };
  const reachable = synthesize(settings).template('ApprovalWorkflow');
  const services = Object.values(reachable.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) =>
    JSON.stringify((Properties as { ServiceName: unknown }).ServiceName),
  );
  expect(new Set(services.map((name) => /\.(ssm\w*)"/.exec(name)?.[1]))).toEqual(new Set(['ssm', 'ssmmessages']));
  reachable.resourceCountIs('AWS::EC2::SecurityGroupEgress', 2);
  reachable.allResourcesProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 443, ToPort: 443 });
  reachable.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ WAIT_FOR_AGENT: 'true' }) },
  });
});

it('with named subnets machines run there, reach the endpoints alone, and there is no VPC of the stack', () => {
  const systemsManager = {
    vpcId: 'vpc-0a1b2c3d',
    subnetIds: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'],
    endpointGroupId: 'sg-0a1b2c3d',
  };
  const named = synthesize({ 'approval-workflow': { systemsManager } }).template('ApprovalWorkflow');
  named.resourceCountIs('AWS::EC2::VPC', 0);
  named.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  named.allResourcesProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-0a1b2c3d' });
  const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
  named.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { ...rule, DestinationSecurityGroupId: 'sg-0a1b2c3d' });
  named.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { ...rule, GroupId: 'sg-0a1b2c3d' });
  named.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
  named.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({ WAIT_FOR_AGENT: 'true', SUBNET_IDS: 'subnet-0a1b2c3d,subnet-1a1b2c3d' }),
    },
  });
});

templatesChangeOnlyOnPurpose('ApprovalWorkflow', [
  { stage: 'prod' },
  { 'approval-workflow': { senderEmail: 'machines@example.com' } },
]);
