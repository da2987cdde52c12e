import { scheduleGroups } from '../../../../tools/local/localize/schedule-groups';
import { assemblyOf, host, templateOf } from './small-assembly';

test('a statement about schedules alone is allowed on every resource', () => {
  const schedules = { 'Fn::Sub': '…:schedule/group/*' };
  const statements = [
    { Action: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'], Resource: schedules },
    { Action: ['scheduler:CreateSchedule', 'iam:PassRole'], Resource: schedules },
    { Action: 'scheduler:CreateScheduleGroup', Resource: schedules },
  ];
  const assembly = assemblyOf({
    Policy: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement: statements } } },
  });
  expect(scheduleGroups.apply(assembly, host)).toEqual(['Photos/Policy']);
  const document = templateOf(assembly).Resources['Policy']?.Properties?.['PolicyDocument'] as {
    Statement: { Resource: unknown }[];
  };
  expect(document.Statement.map(({ Resource }) => Resource)).toEqual(['*', schedules, schedules]);
});
