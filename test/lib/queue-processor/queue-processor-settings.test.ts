import { loadSettings } from '../../../lib/config';
import { queueProcessorSettings } from '../../../lib/queue-processor/queue-processor-settings';

const load = (settings: unknown) =>
  loadSettings({ 'queue-processor': settings }, 'queue-processor', queueProcessorSettings);

it('every setting has a default', () => {
  const values = Object.values(load({}));
  expect(values.length).toBeGreaterThan(5);
  expect(values).not.toContain(undefined);
});

it.each([
  [{ batchSize: 100, batchingWindowSeconds: 1 }],
  [{ fifo: true, batchSize: 10 }],
  [{ maxReceiveCount: 20, backoff: { baseSeconds: 900, capSeconds: 3_600 } }],
  [{ timeoutSeconds: 20, maxReceiveCount: 4, backoff: { baseSeconds: 900, capSeconds: 43_180 } }],
  [{ timeoutSeconds: 900, maxReceiveCount: 60 }],
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
  [
    { maxReceiveCount: 20, backoff: { baseSeconds: 900, capSeconds: 43_200 } },
    /maxReceiveCount: received 20: .*use fewer receives or a lower backoff.capSeconds: retries can take 7.\d days, and Orders keeps a message for 4/,
  ],
  [{ timeoutSeconds: 900, maxReceiveCount: 65 }, /retries can take 4.1 days, and Orders keeps a message for 4/],
  [
    { timeoutSeconds: 60, maxReceiveCount: 3, backoff: { capSeconds: 43_200 } },
    /backoff.capSeconds: received 43200: use at most 43140: SQS hides a message for 43200 s in all/,
  ],
  [{ maximumConcurrency: 1 }, /maximumConcurrency: received 1: use at least 2/],
  [{ visibilityTimeout: 30 }, /unknown key 'visibilityTimeout'/],
])('%j is refused', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});
