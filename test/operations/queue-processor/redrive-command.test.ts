import { describe as linesOf } from '../../../operations/queue-processor/redrive-command';
import type { RedriveResult } from '../../../operations/queue-processor/redrive-dead-letters';

const result: RedriveResult = {
  found: 12,
  examined: 12,
  sent: 5,
  reasons: { malformed: 2, 'payload-missing': 3 },
  oldestSeconds: 7_500,
  sample: [
    { messageId: 'm-1', reason: 'payload-missing', detail: 'no object', orderId: 'o-1', ageSeconds: 90 },
    { messageId: 'm-2', reason: 'unrecorded', detail: '', ageSeconds: 260_000 },
  ],
  refused: {},
  remaining: 7,
  stopped: false,
};

it('a dry run shows the number, the age, the reasons, and a sample', () => {
  expect(linesOf(result, true)).toEqual([
    'about 12 dead letters, 5 would be sent',
    '  payload-missing  3',
    '  malformed        2',
    '  the oldest was sent 2 h ago',
    'a sample:',
    '  m-1 order o-1: payload-missing (no object), 90 s old',
    '  m-2: unrecorded, 3 days old',
  ]);
});

it('a redrive shows the number sent, their reasons, and how many are left', () => {
  expect(linesOf(result, false)).toEqual([
    '5 sent, about 7 left in the dead-letter queue',
    '  payload-missing  3',
    '  malformed        2',
    '  the oldest was sent 2 h ago',
  ]);
});

it('an empty queue is one line', () => {
  const none = { ...result, found: 0, examined: 0, sent: 0, remaining: 0, reasons: {}, oldestSeconds: 0, sample: [] };
  expect(linesOf(none, true)).toEqual(['about 0 dead letters, 0 would be sent']);
});
