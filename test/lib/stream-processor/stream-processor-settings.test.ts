import { loadSettings } from '../../../lib/config';
import {
  changeAgeSeconds,
  rememberSeconds,
  streamProcessorSettings,
} from '../../../lib/stream-processor/stream-processor-settings';

const load = (settings: unknown) =>
  loadSettings({ 'stream-processor': settings }, 'stream-processor', streamProcessorSettings);

it.each([
  [{ timeoutSeconds: 5 }, 'stream-processor.timeoutSeconds: received 5: use at least 10'],
  [{ maximumRecordAgeSeconds: 86_400 }, 'use less than 86400: Kinesis deletes older records'],
  [{ maximumRecordAgeSeconds: 60, timeoutSeconds: 60 }, 'use more than timeoutSeconds (60)'],
  [{ maximumRetries: -1 }, 'maximumRetries: received -1: use at least 0'],
  [{ timeout: 10 }, "unknown key 'timeout'"],
])('%j is refused in one line', (settings, message) => {
  expect(() => load(settings)).toThrow(message);
});

it('changes of accounts go to Failures before DynamoDB deletes them', () => {
  expect(changeAgeSeconds(load({ maximumRecordAgeSeconds: 200_000, retentionHours: 168 }))).toBe(82_800);
  expect(changeAgeSeconds(load({}))).toBe(3_600);
});

it('a reading is remembered for longer than a repeated one can wait, in Failures too', () => {
  const settings = load({ latenessSeconds: 600, failureDays: 10, retentionHours: 8_760 });
  expect(rememberSeconds(settings)).toBeGreaterThan(600 + 60 + 8_760 * 3_600 + 10 * 86_400);
});
