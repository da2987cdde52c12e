import { taskCallbacks } from '../../../../tools/local/localize/task-callbacks';
import { assemblyOf, host, templateOf } from './small-assembly';

test('task callbacks are allowed on every resource, and nothing else is', () => {
  const machine = { Ref: 'Machine' };
  const statements = [
    { Action: ['states:SendTaskSuccess', 'states:SendTaskFailure'], Resource: machine },
    { Action: 'states:SendTaskHeartbeat', Resource: machine },
    { Action: ['states:SendTaskSuccess', 'states:StartExecution'], Resource: machine },
    { Action: ['ecs:DescribeTasks', 'ecs:StopTask'], Resource: 'tasks' },
    { Action: 'ecs:ListTasks', Resource: '*', Condition: { ArnEquals: { 'ecs:cluster': 'cluster' } } },
    { Action: 'ecs:RunTask', Resource: 'family' },
  ];
  const assembly = assemblyOf({
    Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: statements } } },
  });
  expect(taskCallbacks.apply(assembly, host)).toEqual(['Photos/Policy']);
  const document = templateOf(assembly).Resources['Policy']?.Properties?.['PolicyDocument'] as {
    Statement: { Action: unknown; Resource: unknown }[];
  };
  expect(document.Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    [['states:SendTaskSuccess', 'states:SendTaskFailure'], '*'],
    [['states:SendTaskHeartbeat'], '*'],
    [['states:StartExecution'], machine],
    [['states:SendTaskSuccess'], '*'],
    [['ecs:DescribeTasks', 'ecs:StopTask'], '*'],
    [['ecs:ListTasks'], '*'],
    ['ecs:RunTask', 'family'],
  ]);
  expect(JSON.stringify(document)).not.toContain('ecs:cluster');
});
