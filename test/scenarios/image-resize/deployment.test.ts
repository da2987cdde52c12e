import './unguarded-sharp';
import type { LambdaFunctionConfiguration } from '@aws-sdk/client-s3';
import { notifiedPrefix } from '../../../scenarios/image-resize/deployment';

type Notification = Pick<LambdaFunctionConfiguration, 'LambdaFunctionArn' | 'Filter'>;

function notification(prefix?: string, name = 'Prefix', functionName = 'resize'): Notification {
  const FilterRules = prefix === undefined ? [] : [{ Name: name as 'prefix', Value: prefix }];
  return {
    LambdaFunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`,
    ...(prefix === undefined ? {} : { Filter: { Key: { FilterRules } } }),
  };
}

test.each(['prefix', 'Prefix'])('the filter named %s is the input prefix', (name) => {
  expect(notifiedPrefix([notification('photos/', name), notification('photos/', name)], 'resize')).toBe('photos/');
});

test('without a filter every key is resized', () => {
  expect(notifiedPrefix([notification(), notification()], 'resize')).toBe('');
});

test('a suffix filter is not a prefix', () => {
  expect(notifiedPrefix([notification('.jpg', 'Suffix')], 'resize')).toBe('');
});

test('notifications of other functions do not count', () => {
  const others = [notification('other/', 'Prefix', 'other'), notification('more/', 'Prefix', 'other-resize')];
  expect(notifiedPrefix([...others, notification('photos/')], 'resize')).toBe('photos/');
  expect(() => notifiedPrefix(others, 'resize')).toThrow(
    'expected notifications of one prefix to resize, got none: deploy',
  );
});

test('notifications with different prefixes are refused', () => {
  expect(() => notifiedPrefix([notification('a/'), notification('b/')], 'resize')).toThrow('got a/, b/');
});
