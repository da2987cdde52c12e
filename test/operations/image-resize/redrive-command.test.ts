import { describe as described } from '../../../operations/image-resize/redrive-command';

const failedAt = new Date('2026-11-21T10:00:00Z');
const failure = { condition: 'RetriesExhausted', attempts: 3, failedAt, event: { Records: [{ key: 'private' }] } };
const after = (minutes: number): Date => new Date(failedAt.getTime() + minutes * 60_000);

test('a failure is described by age and reason, never by its event', () => {
  const line = described({ ...failure, reason: 'SlowDown: please wait' }, after(5));
  expect(line.trim()).toBe('failed 5 minutes ago after 3 attempts (RetriesExhausted): SlowDown: please wait');
});

test.each([
  [0, '0 minutes'],
  [119, '119 minutes'],
  [300, '5 hours'],
  [14_400, '10 days'],
])('%d minutes are shown as %s', (minutes, age) => {
  expect(described(failure, after(minutes)).trim()).toBe(`failed ${age} ago after 3 attempts (RetriesExhausted)`);
});
