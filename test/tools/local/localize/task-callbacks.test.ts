import { taskCallbacks } from '../../../../tools/local/localize/task-callbacks';
import { assemblyOf, host, templateOf } from './small-assembly';

test('a statement of task callbacks alone is allowed on every resource', () => {
  const machine = { Ref: 'Machine' };
  const statements = [
    { Action: ['states:SendTaskSuccess', 'states:SendTaskFailure'], Resource: machine },
    { Action: 'states:SendTaskHeartbeat', Resource: machine },
    { Action: ['states:SendTaskSuccess', 'states:StartExecution'], Resource: machine },
  ];
  const assembly = assemblyOf({
    Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: statements } } },
  });
  expect(taskCallbacks.apply(assembly, host)).toEqual(['Photos/Policy']);
  const document = templateOf(assembly).Resources['Policy']?.Properties?.['PolicyDocument'] as {
    Statement: { Resource: unknown }[];
  };
  expect(document.Statement.map(({ Resource }) => Resource)).toEqual(['*', '*', machine]);
});
