import { logFailure, logResult, type PhotoResult } from '../../../lambda/image-resize/photo-log';
import { countMetric, logger } from '../../../lambda/shared/observability';

jest.mock('../../../lambda/shared/observability', () => ({
  ...jest.requireActual<object>('../../../lambda/shared/observability'),
  countMetric: jest.fn(),
}));

function record(act: () => void): { lines: unknown[][]; counts: unknown[] } {
  jest.mocked(countMetric).mockClear();
  const levels = (['info', 'warn', 'error'] as const).map((level) =>
    jest.spyOn(logger, level).mockReset().mockReturnValue(undefined),
  );
  act();
  return {
    lines: levels.flatMap(({ mock }) => mock.calls),
    counts: jest.mocked(countMetric).mock.calls.map(([name]) => name),
  };
}

const recordResult = (result: PhotoResult) => record(() => logResult('a b.jpg', result, 12));

test('a resized photo is one line of named fields and one count', () => {
  const { lines, counts } = recordResult({ outcome: 'resized', versionId: 'v1', attempts: 1 });
  expect(lines).toEqual([
    ['photo reconciled', { key: 'a b.jpg', versionId: 'v1', outcome: 'resized', attempts: 1, milliseconds: 12 }],
  ]);
  expect(counts).toEqual(['Resized']);
});

test('a rejected photo is logged with its reason and the technical detail', () => {
  const result = { outcome: 'rejected', versionId: 'v1', reason: 'corrupt', detail: 'png: bad', attempts: 1 } as const;
  const { lines, counts } = recordResult(result);
  expect(lines[0]?.[1]).toMatchObject({ outcome: 'rejected', reason: 'corrupt', detail: 'png: bad' });
  expect(counts).toEqual(['Rejected']);
});

test('a photo that changed while it was resized counts as superseded too', () => {
  expect(recordResult({ outcome: 'resized', versionId: 'v2', attempts: 2 }).counts).toEqual(['Resized', 'Superseded']);
});

test.each([
  ['removed', 'Removed'],
  ['missing', 'Missing'],
] as const)('a %s photo is counted', (outcome, metric) => {
  expect(recordResult({ outcome, state: 'deleted', attempts: 1 }).counts).toEqual([metric]);
});

test.each([
  ['key-too-long', 'KeyTooLong'],
  ['not-found', 'NotFound'],
] as const)('a photo that is skipped, %s, is logged and counted', (outcome, metric) => {
  const { lines, counts } = recordResult({ outcome });
  expect(lines).toEqual([[expect.stringMatching(/^photo /), { key: 'a b.jpg', outcome }]]);
  expect(counts).toEqual([metric]);
});

test('a failure is logged with its name and message, and nothing else of the error', () => {
  const failure = Object.assign(new Error('refused'), { name: 'SlowDown', $response: { secret: 'hunter2' } });
  const { lines, counts } = record(() => logFailure('a b.jpg', failure, 12));
  expect(lines).toEqual([
    ['photo failed', { key: 'a b.jpg', milliseconds: 12, errorName: 'SlowDown', errorMessage: 'refused' }],
  ]);
  expect(counts).toEqual(['Failed']);
});
