import { MessageRecorder } from '../../../lambda/queue-processor/message-recorder';
import { aMessage } from './orders';

function aRecorder() {
  const lines: [string, object][] = [];
  const counts: Record<string, number> = {};
  const log = (message: string, fields: object) => void lines.push([message, fields]);
  const recorder = new MessageRecorder(
    { info: log, warn: log } as never,
    (name, value = 1) => (counts[name] = (counts[name] ?? 0) + value),
  );
  return { recorder, lines, counts };
}

it('logs only the ids, the outcome and the receive count of a message', () => {
  const { recorder, lines, counts } = aRecorder();
  recorder.processed(aMessage({ receiveCount: 2 }), 'o-1', 'duplicate');
  expect(lines).toEqual([
    ['order processed', { messageId: 'm-1', orderId: 'o-1', outcome: 'duplicate', receiveCount: 2 }],
  ]);
  expect(counts).toEqual({ Duplicate: 1 });
});

it('logs the reason, the detail and the delay of a failure', () => {
  const { recorder, lines, counts } = aRecorder();
  recorder.failed({ messageId: 'm-1', reason: 'malformed', detail: 'wrong at items', receiveCount: 1 }, 1);
  expect(lines).toEqual([
    [
      'order failed',
      {
        messageId: 'm-1',
        orderId: undefined,
        outcome: 'failed',
        reason: 'malformed',
        detail: 'wrong at items',
        receiveCount: 1,
        delaySeconds: 1,
      },
    ],
  ]);
  expect(counts).toEqual({ Failed: 1 });
});

it('logs only the name of the error of a secondary failure', () => {
  const { recorder, lines } = aRecorder();
  recorder.secondaryFailure(aMessage(), 'reason', new TypeError('jane@example.com'));
  expect(JSON.stringify(lines)).not.toContain('jane');
  expect(lines[0]?.[1]).toMatchObject({ errorName: 'TypeError' });
});

it('counts untried messages, and logs nothing if there are none', () => {
  const { recorder, lines, counts } = aRecorder();
  recorder.untried([]);
  expect(lines).toEqual([]);
  recorder.untried([aMessage(), aMessage({ messageId: 'm-2' })]);
  expect(counts).toEqual({ Untried: 2 });
});
