import { resourcesIn, type Template } from '../../../tools/template/template';
import { grantsToSenders, needsOfPolling, needsOfSenders } from '../../../tools/permissions/resource-policies';
import { grantsOfService, needsOfServices, serviceRoles } from '../../../tools/template/service-roles';
import { architectures } from '../../../lib/architectures';
import { optionalFeatures } from '../../optional-features';
import { synthesize } from '../../synthesis';

const syntheses = [synthesize(), synthesize(optionalFeatures)];
const stacks = syntheses.flatMap((synthesis, index) =>
  architectures.map(({ id }) => ({
    ...{ id, template: synthesis.template(id).toJSON() as Template },
    settings: index === 0 ? 'defaults' : 'optional settings on',
  })),
);
const roles = stacks.flatMap((stack) => serviceRoles(stack.template).map((role) => ({ ...stack, role })));

it.each(roles)('$role of $id with $settings has exactly the actions that definitions and targets need', (one) => {
  const needed = needsOfServices(one.template).get(one.role) ?? new Set();
  expect([...grantsOfService(one.template, one.role)].sort()).toEqual([...needed].sort());
});

it.each(stacks)('$id with $settings grants services without a role exactly what its targets need', (one) => {
  expect([...grantsToSenders(one.template)].sort()).toEqual([...needsOfSenders(one.template)].sort());
});

it.each(stacks)(
  "$id with $settings grants functions' roles what Lambda polls and sends in their name",
  ({ template }) => {
    for (const [id, needed] of needsOfPolling(template)) {
      const [role = ''] = resourcesIn(template.Resources[id]?.Properties?.['Role']);
      expect([...grantsOfService(template, role)]).toEqual(expect.arrayContaining([...needed]));
    }
  },
);

it('state machines, schedules and databases have roles that are checked here', () => {
  expect(new Set(roles.map(({ id }) => id))).toEqual(
    new Set([
      'OrderWorkflow',
      'ScheduledBackup',
      'DatabaseAccess',
      'RestApi',
      'EtlPipeline',
      'GitopsPipeline',
      'ApprovalWorkflow',
      'DocumentRenderer',
    ]),
  );
});

const machine = (states: object): Template => ({
  Resources: {
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        DefinitionString: {
          'Fn::Join': [
            '',
            JSON.stringify({ States: states })
              .split('@')
              .map((part, at) => (at % 2 ? { Ref: part } : part)),
          ],
        },
      },
    },
  },
});

it('needs are found in branches, maps and entries too', () => {
  const invoke = (name: string) => ({
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: `@${name}@` },
  });
  const announce = {
    Resource: 'arn:aws:states:::events:putEvents',
    Arguments: { Entries: [{ EventBusName: '@Bus@' }] },
  };
  const template = machine({
    Both: { Branches: [{ States: { One: invoke('Fn1') } }, { States: { Announce: announce } }] },
    Each: { ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, States: { Two: invoke('Fn2') } } },
  });
  expect([...(needsOfServices(template).get('Role') ?? [])].sort()).toEqual([
    'events:PutEvents Bus',
    'lambda:InvokeFunction Fn1',
    'lambda:InvokeFunction Fn2',
    'states:DescribeExecution Machine',
    'states:StartExecution Machine',
    'states:StopExecution Machine',
  ]);
});

it('an unknown integration is an error that names the file to add it to', () => {
  const template = machine({ Odd: { Resource: 'arn:aws:states:::glue:startJobRun.sync', Arguments: {} } });
  expect(() => needsOfServices(template)).toThrow("no integration 'glue:startJobRun.sync'");
});

const invoking = machine({
  Work: { Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: '@Fn1@' } },
});
const granting = (...actions: string[]): Template => ({
  Resources: {
    ...invoking.Resources,
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: { Ref: 'Fn1' } }] },
      },
    },
  },
});

it.each([
  ['nothing more and nothing less', ['lambda:InvokeFunction'], [], []],
  ['nothing', [], ['lambda:InvokeFunction Fn1'], []],
  ['one action more', ['lambda:InvokeFunction', 'lambda:GetFunction'], [], ['lambda:GetFunction Fn1']],
])('a role that is granted %s lacks or exceeds exactly that', (_, actions, lacking, excess) => {
  const template = granting(...actions);
  const [needed, granted] = [
    needsOfServices(template).get('Role') ?? new Set<string>(),
    grantsOfService(template, 'Role'),
  ];
  expect([...needed].filter((need) => !granted.has(need))).toEqual(lacking);
  expect([...granted].filter((grant) => !needed.has(grant))).toEqual(excess);
});
