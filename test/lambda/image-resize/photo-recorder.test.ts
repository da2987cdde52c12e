import { PhotoRecorder } from '../../../lambda/image-resize/photo-recorder';
import type { PhotoReport } from '../../../lambda/image-resize/photo-batch';

const photo = { bucket: 'uploads', key: 'a b.jpg', milliseconds: 12.4 };

function record(report: PhotoReport): { lines: unknown[][]; counts: string[] } {
  const lines: unknown[][] = [];
  const counts: string[] = [];
  const log = (...line: unknown[]): void => void lines.push(line);
  const recorder = new PhotoRecorder(
    { info: log, warn: log, error: log },
    {
      addMetric: (name: string) => void counts.push(name),
      hasStoredMetrics: () => counts.length > 0,
      publishStoredMetrics: () => undefined,
    },
  );
  recorder.record(report);
  return { lines, counts };
}

test('a resized photo is one line of named fields and one count', () => {
  const { lines, counts } = record({ ...photo, result: { outcome: 'resized', versionId: 'v1', rounds: 1 } });
  expect(lines).toEqual([
    ['photo settled', { key: 'a b.jpg', versionId: 'v1', outcome: 'resized', rounds: 1, milliseconds: 12 }],
  ]);
  expect(counts).toEqual(['Resized']);
});

test('a rejected photo says why', () => {
  const result = { outcome: 'rejected', versionId: 'v1', reason: 'corrupt', rounds: 1 } as const;
  const { lines, counts } = record({ ...photo, result });
  expect(lines[0]?.[1]).toMatchObject({ outcome: 'rejected', reason: 'corrupt' });
  expect(counts).toEqual(['Rejected']);
});

test('a photo that changed meanwhile counts as superseded too', () => {
  expect(record({ ...photo, result: { outcome: 'resized', versionId: 'v2', rounds: 2 } }).counts).toEqual([
    'Resized',
    'Superseded',
  ]);
});

test.each([
  ['removed', 'Removed'],
  ['missing', 'Missing'],
] as const)('a %s photo is counted', (outcome, metric) => {
  expect(record({ ...photo, result: { outcome, rounds: 1 } }).counts).toEqual([metric]);
});

test('a key that is too long is said and counted', () => {
  const { lines, counts } = record({ ...photo, result: { outcome: 'key-too-long' } });
  expect(lines).toHaveLength(1);
  expect(counts).toEqual(['KeyTooLong']);
});

test('a failure is logged by name and message, and nothing else that hangs on it', () => {
  const failure = Object.assign(new Error('refused'), { name: 'SlowDown', $response: { secret: 'hunter2' } });
  const { lines, counts } = record({ ...photo, failure });
  expect(lines).toEqual([
    ['photo failed', { key: 'a b.jpg', milliseconds: 12, errorName: 'SlowDown', errorMessage: 'refused' }],
  ]);
  expect(counts).toEqual(['Failed']);
});
