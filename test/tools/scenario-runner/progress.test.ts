import type { CheckReport } from '../../../tools/scenario-runner/scenario-report';
import { silentProgress } from './test-environment';

const report: CheckReport = {
  ...{ slug: 'sample', kind: 'proof', name: 'kills', title: '', status: 'passed', start: 0, seconds: 2 },
  ...{ steps: [], assertions: [], metrics: [], pictures: [] },
};

test('a phase ends with one line and is recorded with its start', async () => {
  const { progress, lines } = silentProgress();
  expect(await progress.phase('deploy', () => Promise.resolve(7))).toBe(7);
  await progress.phase('adapt', () => Promise.resolve(92), { summary: (count) => `adapted ${count} resources` });
  expect(lines).toEqual(['✓ deploy 0.0 s', '✓ adapted 92 resources 0.0 s']);
  expect(progress.phases).toMatchObject([
    { title: 'deploy', start: expect.closeTo(0, 0) as number },
    { title: 'adapt', start: expect.closeTo(0, 0) as number },
  ]);
});

test('a phase with an error or a failed result is marked as failed', async () => {
  const { progress, lines } = silentProgress();
  await expect(progress.phase('deploy', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await progress.phase('smoke tests', () => Promise.resolve(1), { hasFailed: (failed) => failed > 0 });
  expect(lines).toEqual(['✗ deploy 0.0 s', '✗ smoke tests 0.0 s']);
});

test('a failed check is reported with its step, its error and the errors of its functions', () => {
  const { progress, lines } = silentProgress();
  const error = { message: 'timed out after 240 s waiting for the manifest (last check: not found)' };
  const steps = [{ title: 'wait', depth: 0, status: 'failed' as const, seconds: 240 }];
  const functionErrors = [
    { function: 'Resize', error: 'TypeError: x at lambda/a/b.ts:24', count: 3, lines: [] },
    { function: 'Resize', error: 'not found', count: 1, lines: [] },
  ];
  progress
    .check('sample', 'kills', 'nothing is lost')
    .end({ ...report, status: 'failed', error, steps, functionErrors });
  expect(lines).toEqual([
    '▸ sample · kills: nothing is lost',
    '✗ sample · kills failed in "wait" 2.0 s',
    `    ${error.message}`,
    '    Resize failed: TypeError: x at lambda/a/b.ts:24 (3 times)',
  ]);
});

test('a skipped check is reported with its reason', () => {
  const { progress, lines } = silentProgress();
  progress.check('sample', 'kills', 'title').end({ ...report, status: 'skipped', skipped: 'no fault injection' });
  expect(lines.at(-1)).toBe('– sample · kills: skipped, no fault injection');
});
