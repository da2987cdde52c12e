import { loadSettings } from '../../../lib/config';
import { queueProcessorSettings } from '../../../lib/queue-processor/queue-processor-settings';

const load = (settings: unknown) =>
  loadSettings({ 'queue-processor': settings }, 'queue-processor', queueProcessorSettings);

it('every setting has a default', () => {
  expect(load({})).toEqual({
    batchSize: 10,
    batchingWindowSeconds: 0,
    maximumConcurrency: 10,
    maxReceiveCount: 5,
    timeoutSeconds: 20,
    memoryMegabytes: 512,
    fifo: false,
    backoff: { baseSeconds: 5, capSeconds: 300 },
    safetyMarginMilliseconds: 3_000,
    lateAfterSeconds: 900,
    payloadDays: 90,
  });
});

it.each([
  [{ batchSize: 100, batchingWindowSeconds: 1 }],
  [{ fifo: true, batchSize: 10 }],
  [{ timeoutSeconds: 5, safetyMarginMilliseconds: 2_500 }],
])('%j is accepted', (settings) => {
  expect(() => load(settings)).not.toThrow();
});

it.each([
  [{ batchSize: 11 }, /batchSize: received 11: use at most 10, or a batchingWindowSeconds of at least 1/],
  [{ batchSize: 101, batchingWindowSeconds: 5 }, /batchSize: received 101: use at most 100/],
  [{ fifo: true, batchSize: 11, batchingWindowSeconds: 1 }, /batchSize: received 11: use at most 10 with fifo/],
  [{ fifo: true, batchingWindowSeconds: 1 }, /batchingWindowSeconds: received 1: use 0 with fifo/],
  [{ timeoutSeconds: 5 }, /safetyMarginMilliseconds: .*use at most 2500, half of timeoutSeconds/],
  [{ backoff: { baseSeconds: 60, capSeconds: 30 } }, /backoff.capSeconds: received 30: use at least .* \(60\)/],
  [{ maximumConcurrency: 1 }, /maximumConcurrency: received 1: use at least 2/],
  [{ visibilityTimeout: 30 }, /unknown key 'visibilityTimeout'/],
])('%j is refused', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});
