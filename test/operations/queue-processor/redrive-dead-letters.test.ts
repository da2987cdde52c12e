import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  redriveRequestSchema,
  type RedriveAnswer,
  type RedriveRequest,
} from '../../../lambda/queue-processor/redrive-request';
import { redriveDeadLetters } from '../../../operations/queue-processor/redrive-dead-letters';

const answer = (change: Partial<RedriveAnswer>): RedriveAnswer => ({
  found: 30,
  looked: 10,
  sent: 10,
  reasons: { 'tables-busy': 10 },
  oldestSeconds: 60,
  sample: [],
  left: 20,
  again: false,
  ...change,
});

/** A function that gives one answer after the other, and keeps what it was asked. */
function functionThatAnswers(...answers: (RedriveAnswer | { FunctionError: string; errorMessage: string } | Error)[]) {
  const asked: RedriveRequest[] = [];
  const send = async ({ input }: InvokeCommand) => {
    asked.push(redriveRequestSchema.parse(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString())));
    const next = answers.shift();
    if (next === undefined) throw new Error('asked once too often');
    if (next instanceof Error) throw next;
    return {
      Payload: Buffer.from(JSON.stringify(next)),
      ...('FunctionError' in next ? { FunctionError: next.FunctionError } : {}),
    };
  };
  return { asked, lambda: { send } as unknown as LambdaClient };
}

it('the command asks again until the function says that there is no more, and adds up what went', async () => {
  const { asked, lambda } = functionThatAnswers(
    answer({ again: true }),
    answer({ again: true, reasons: { 'tables-busy': 4, malformed: 6 }, oldestSeconds: 90 }),
    answer({ sent: 3, reasons: { malformed: 3 }, left: 0 }),
  );
  const progress: number[] = [];
  const result = await redriveDeadLetters({ lambda, functionName: 'f', onProgress: ({ sent }) => progress.push(sent) });
  expect(result).toMatchObject({
    found: 30,
    sent: 23,
    left: 0,
    reasons: { 'tables-busy': 14, malformed: 9 },
    oldestSeconds: 90,
    stopped: false,
  });
  expect(result.error).toBeUndefined();
  expect(asked).toHaveLength(3);
  expect(progress).toEqual([10, 20, 23]);
});

it('what it sent and what failed again meanwhile is left, so that nothing goes round for ever', async () => {
  const { asked, lambda } = functionThatAnswers(answer({ again: true }), answer({ again: true }), answer({}));
  let time = 1_000_000;
  const now = () => (time += 10_000);
  await redriveDeadLetters({ lambda, functionName: 'f', request: { olderThanSeconds: 60 }, now });
  expect(asked.map(({ olderThanSeconds }) => olderThanSeconds)).toEqual([70, 80, 90]);
});

it('no more than the maximum is sent in all', async () => {
  const { asked, lambda } = functionThatAnswers(answer({ again: true }), answer({ sent: 5, again: true }));
  const { sent } = await redriveDeadLetters({ lambda, functionName: 'f', request: { max: 15 } });
  expect(sent).toBe(15);
  expect(asked.map(({ max }) => max)).toEqual([15, 5]);
});

it('a stop ends it after the call under way', async () => {
  const { asked, lambda } = functionThatAnswers(answer({ again: true }), answer({ again: true }));
  const stop = new AbortController();
  const result = await redriveDeadLetters({
    lambda,
    functionName: 'f',
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect(result).toMatchObject({ sent: 10, stopped: true });
  expect(asked).toHaveLength(1);
});

it.each([
  ['an error that it met', answer({ sent: 4, error: 'AccessDenied' }), 14, 'the function met AccessDenied'],
  ['an error of the function', { FunctionError: 'Unhandled', errorType: 'Oops', errorMessage: 'no' }, 10, 'Oops: no'],
  ['an error on the way', new Error('connection reset'), 10, 'connection reset'],
])('%s ends it, and what went before is told', async (_, ending, sent, message) => {
  const { lambda } = functionThatAnswers(answer({ again: true }), ending);
  const result = await redriveDeadLetters({ lambda, functionName: 'f' });
  expect(result.sent).toBe(sent);
  expect(result.error?.message).toContain(message);
});
