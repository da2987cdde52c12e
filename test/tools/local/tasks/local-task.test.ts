import { heartbeatSecondsOf, processOf } from '../../../../tools/local/tasks/local-task';

const container = {
  name: 'renderer',
  entryPoint: ['/bin/node', '-e', 'run()'],
  environment: [
    { name: 'LIMIT', value: '1' },
    { name: 'KEPT', value: 'yes' },
  ],
  stopTimeout: 120,
};

it('runs the entry point with the variables of the definition, overridden by those of the task', () => {
  const overrides = { containerOverrides: [{ name: 'renderer', environment: [{ name: 'LIMIT', value: '2' }] }] };
  expect(processOf({ containerDefinitions: [container] }, { overrides })).toEqual({
    file: '/bin/node',
    arguments: ['-e', 'run()'],
    environment: { LIMIT: '2', KEPT: 'yes' },
    stopTimeout: 120,
  });
});

it('a command of the overrides replaces that of the definition, behind the entry point', () => {
  const definition = { containerDefinitions: [{ ...container, command: ['old'] }] };
  const overrides = { containerOverrides: [{ name: 'renderer', command: ['new'] }] };
  expect(processOf(definition, { overrides }).arguments).toEqual(['-e', 'run()', 'new']);
});

it('overrides of another container change nothing, and a container has 30 seconds to stop unless it says otherwise', () => {
  const { stopTimeout: _, ...other } = container;
  const overrides = { containerOverrides: [{ name: 'other', environment: [{ name: 'LIMIT', value: '2' }] }] };
  expect(processOf({ containerDefinitions: [other] }, { overrides })).toMatchObject({
    environment: { LIMIT: '1' },
    stopTimeout: 30,
  });
});

it('refuses tasks of several containers, which no process here could be', () => {
  expect(() => processOf({ containerDefinitions: [container, container] }, {})).toThrow('must have one container');
});

it('takes the heartbeat from the state that runs the family', () => {
  const state = (Resource: string, family: string) =>
    JSON.stringify({ States: { Run: { Resource, Parameters: { TaskDefinition: family }, HeartbeatSeconds: 9 } } });
  const runTask = 'arn:aws:states:::ecs:runTask.waitForTaskToken';
  expect(heartbeatSecondsOf([state(runTask, 'other'), state(runTask, 'family')], 'family')).toBe(9);
  expect(heartbeatSecondsOf([state('arn:aws:states:::ecs:runTask', 'family')], 'family')).toBeUndefined();
});
