import { isDenied, isNoticed, removalOf, type Attempt } from '../../../../tools/permissions/mutation/outcome';
import type { Grant } from '../../../../tools/template/grants';

const grant: Grant = { function: 'Fn1', name: 'Copy', action: 's3:PutObject', resource: 'Backup', on: 'Backup' };
const attempt = (check: string, status: 'passed' | 'failed', refused: boolean): Attempt => ({
  check,
  outcome: { status, seconds: 3, why: status === 'failed' ? 'waited 3 s' : '' },
  refused,
});

it.each([
  ['failed', true, true],
  ['failed', false, false],
  ['passed', true, false],
] as const)('a check that %s with a refusal (%p) has noticed: %p', (status, refused, noticed) => {
  expect(isNoticed(attempt('smoke-test', status, refused))).toBe(noticed);
});

it('the check that notices is told with how it failed', () => {
  const attempts = [attempt('smoke-test', 'passed', false), attempt('proof', 'failed', true)];
  expect(removalOf(grant, attempts)).toEqual({ grant, noticedBy: 'proof', because: 'waited 3 s' });
});

it('what nothing notices is told with what each check did', () => {
  const attempts = [
    attempt('smoke-test', 'passed', true),
    attempt('proof', 'failed', false),
    attempt('late', 'passed', false),
  ];
  expect(removalOf(grant, attempts).because).toBe(
    'smoke-test passed in spite of a refusal; proof failed without a refusal (waited 3 s); late passed, nothing was refused',
  );
  expect(removalOf(grant, []).because).toBe('no check that runs here needs it');
});

it("only a refusal of this function's own call, for this action on this resource, is one for want of it", () => {
  const call = { stack: 'S', function: 'Fn1', service: 's3', operation: 'CopyObject', resources: ['Backup', 'Source'] };
  expect(isDenied([call], grant)).toBe(true);
  expect(isDenied([{ ...call, function: 'Fn2' }], grant)).toBe(false);
  expect(isDenied([{ ...call, resources: ['Source', 'Backup'] }], grant)).toBe(false);
  expect(isDenied([{ ...call, operation: 'GetObject', resources: ['Backup'] }], grant)).toBe(false);
});
