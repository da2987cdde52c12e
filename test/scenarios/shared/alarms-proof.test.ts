import { crossing } from '../../../scenarios/shared/alarms-proof';

it.each([
  ['GreaterThanOrEqualToThreshold', 3],
  ['LessThanOrEqualToThreshold', 3],
  ['GreaterThanThreshold', 4],
  ['LessThanThreshold', 2],
] as const)('an alarm that compares by %s at 3 is raised by %d', (ComparisonOperator, value) => {
  expect(crossing({ ComparisonOperator, Threshold: 3 })).toBe(value);
});

it('an alarm with an unknown comparison is an error', () => {
  expect(() => crossing({ ComparisonOperator: 'LessThanLowerThreshold' })).toThrow(/LessThanLowerThreshold/);
});
