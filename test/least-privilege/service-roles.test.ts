import type { Template } from '../../template/template';
import { grantsOfService, needsOfServices, serviceRoles } from '../../least-privilege/service-roles';
import { architectures } from '../../lib/architectures';
import { switchedOn } from '../switched-on';
import { synthesize } from '../synthesis';

const syntheses = [synthesize(), synthesize(switchedOn)];
const roles = syntheses.flatMap((synthesis, index) =>
  architectures.flatMap(({ id }) => {
    const template = synthesis.template(id).toJSON() as Template;
    const settings = index === 0 ? 'defaults' : 'optional settings on';
    return serviceRoles(template).map((role) => ({ id, role, settings, template }));
  }),
);

it.each(roles)('$role of $id with $settings may do what its definition or target needs, and nothing else', (one) => {
  const needed = needsOfServices(one.template).get(one.role) ?? new Set();
  expect([...grantsOfService(one.template, one.role)].sort()).toEqual([...needed].sort());
});

it('state machines and schedules have roles that are held to this', () => {
  expect(new Set(roles.map(({ id }) => id))).toEqual(new Set(['OrderWorkflow', 'ScheduledBackup']));
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

it('needs stand in branches, in maps and in entries too', () => {
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

it('an integration that the table lacks is an error that says where to add it', () => {
  const template = machine({ Odd: { Resource: 'arn:aws:states:::glue:startJobRun.sync', Arguments: {} } });
  expect(() => needsOfServices(template)).toThrow("no integration 'glue:startJobRun.sync'");
});
