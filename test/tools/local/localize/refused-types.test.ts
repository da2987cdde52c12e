import { refusedTypes } from '../../../../tools/local/localize/refused-types';
import { assemblyOf, host, templateOf } from './small-assembly';

test('a refused resource is removed, and its attributes are replaced', () => {
  const assembly = assemblyOf(
    {
      Code: { Type: 'AWS::CodeCommit::Repository' },
      Log: { Type: 'AWS::EC2::FlowLog' },
      Queue: { Type: 'AWS::SQS::Queue' },
    },
    { Name: { Value: { 'Fn::GetAtt': ['Code', 'Name'] } } },
  );
  expect(refusedTypes.apply(assembly, host)).toEqual([
    'Photos/Code (AWS::CodeCommit::Repository)',
    'Photos/Log (AWS::EC2::FlowLog)',
  ]);
  expect(templateOf(assembly)).toEqual({
    Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
    Outputs: { Name: { Value: 'Code' } },
  });
});

test('an alias of a state machine becomes the machine', () => {
  const machine = { Ref: 'Machine' };
  const assembly = assemblyOf(
    {
      Machine: { Type: 'AWS::StepFunctions::StateMachine' },
      Version: { Type: 'AWS::StepFunctions::StateMachineVersion', Properties: { StateMachineArn: machine } },
      Alias: {
        Type: 'AWS::StepFunctions::StateMachineAlias',
        Properties: { RoutingConfiguration: [{ StateMachineVersionArn: { Ref: 'Version' }, Weight: 100 }] },
      },
    },
    { Alias: { Value: { Ref: 'Alias' } }, Version: { Value: { Ref: 'Version' } } },
  );
  refusedTypes.apply(assembly, host);
  expect(templateOf(assembly).Outputs).toEqual({ Alias: { Value: machine }, Version: { Value: machine } });
});
