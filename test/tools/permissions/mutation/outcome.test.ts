import { isDenied, isNoticed, removalOf, type Attempt } from '../../../../tools/permissions/mutation/outcome';
import type { Grant } from '../../../../tools/template/grants';

const grant: Grant = { function: 'Fn1', name: 'Copy', action: 's3:PutObject', resource: 'Backup', on: 'Backup' };
const attempt = (check: string, status: 'passed' | 'failed', denied: boolean): Attempt => ({
  check,
  outcome: { status, seconds: 3, why: status === 'failed' ? 'waited 3 s' : '' },
  denied,
});

it.each([
  ['failed', true, true],
  ['failed', false, false],
  ['passed', true, false],
] as const)('a check that %s with a denied call (%p) noticed: %p', (status, denied, noticed) => {
  expect(isNoticed(attempt('smoke-test', status, denied))).toBe(noticed);
});

it('a removal names the check that noticed it, and its failure', () => {
  const attempts = [attempt('smoke-test', 'passed', false), attempt('proof', 'failed', true)];
  expect(removalOf(grant, attempts)).toEqual({ grant, noticedBy: 'proof', because: 'waited 3 s' });
});

it('an unnoticed removal has the result of each check', () => {
  const attempts = [
    attempt('smoke-test', 'passed', true),
    attempt('proof', 'failed', false),
    attempt('late', 'passed', false),
  ];
  expect(removalOf(grant, attempts).because).toBe(
    'smoke-test passed although a call was denied; proof failed, but no call was denied (waited 3 s); late passed, and no call was denied',
  );
  expect(removalOf(grant, []).because).toBe('no check uses it');
});

it('only a denied call of this function that needs the action on the resource counts', () => {
  const call = { stack: 'S', function: 'Fn1', service: 's3', operation: 'CopyObject', resources: ['Backup', 'Source'] };
  expect(isDenied([call], grant)).toBe(true);
  expect(isDenied([{ ...call, function: 'Fn2' }], grant)).toBe(false);
  expect(isDenied([{ ...call, resources: ['Source', 'Backup'] }], grant)).toBe(false);
  expect(isDenied([{ ...call, operation: 'GetObject', resources: ['Backup'] }], grant)).toBe(false);
});
