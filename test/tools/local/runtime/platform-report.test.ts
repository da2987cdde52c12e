import { platformReport, type InvocationResult } from '../../../../tools/local/runtime/platform-report';

const now = new Date('2026-11-21T00:00:00Z');
const invoked: InvocationResult = {
  requestId: 'request-1',
  status: 'success',
  durationMilliseconds: 3.20049,
  memoryMegabytes: 128,
  maxMemoryMegabytes: 67,
};

test('with JSON logging it is an object of the telemetry schema', () => {
  expect(JSON.parse(platformReport(invoked, 'JSON', now))).toEqual({
    time: '2026-11-21T00:00:00.000Z',
    type: 'platform.report',
    record: {
      requestId: 'request-1',
      metrics: { durationMs: 3.2, billedDurationMs: 4, memorySizeMB: 128, maxMemoryUsedMB: 67 },
      status: 'success',
    },
  });
});

test('with text it is one line of fields', () => {
  expect(platformReport(invoked, 'Text', now)).toBe(
    'REPORT RequestId: request-1\tDuration: 3.20 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 67 MB\n',
  );
});
