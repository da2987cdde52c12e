import { RecordedRun } from '../../../tools/scenario-runner/recorded-run';
import { silentProgress } from './test-environment';

function newRun(outputs: Record<string, string> = {}): RecordedRun {
  const progress = silentProgress().progress.check('sample', 'smoke-test', 'it works');
  const { signal } = new AbortController();
  return new RecordedRun({ slug: 'sample', outputs, runId: 's1', random: () => 0.5, progress, signal });
}

test('a missing output is named beside those that are there', () => {
  const run = newRun({ BucketName: 'photos', QueueUrl: 'url' });
  expect(run.output('BucketName')).toBe('photos');
  expect(() => run.output('TopicArn')).toThrow(`has no output 'TopicArn' (outputs: BucketName, QueueUrl)`);
});

test('a failed step is reported with its error, which fails the check', async () => {
  const run = newRun();
  await expect(run.step('upload', () => Promise.reject(new Error('no such bucket')))).rejects.toThrow('no such bucket');
  expect(run.steps).toMatchObject([{ title: 'upload', status: 'failed', error: 'no such bucket' }]);
});

test('metrics and pictures are recorded with units and captions', () => {
  const run = newRun();
  run.metric('wait', 2, 's');
  run.metric('format', 'webp');
  run.picture('cat', 'thumbnail', Buffer.from('x'), 'image/webp', '200 x 133');
  expect(run.metrics).toEqual([
    { name: 'wait', value: 2, unit: 's' },
    { name: 'format', value: 'webp' },
  ]);
  expect(run.pictures).toMatchObject([
    { group: 'cat', title: 'thumbnail', contentType: 'image/webp', caption: '200 x 133' },
  ]);
});

test('a clean-up may register another one', async () => {
  const run = newRun();
  const order: string[] = [];
  run.cleanUp('outer', async () => {
    order.push('outer');
    run.cleanUp('inner', async () => void order.push('inner'));
  });
  expect(await run.cleanUps()).toEqual([]);
  expect(order).toEqual(['outer', 'inner']);
});
