import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  redriveRequestSchema,
  type RedriveResponse,
  type RedriveRequest,
} from '../../../lambda/queue-processor/redrive-request';
import { redriveDeadLetters } from '../../../operations/queue-processor/redrive-dead-letters';

const response = (change: Partial<RedriveResponse>): RedriveResponse => ({
  startedAt: 1_000_000,
  found: 30,
  examined: 10,
  sent: 10,
  reasons: { 'tables-busy': 10 },
  oldestSeconds: 60,
  sample: [],
  refused: {},
  remaining: 20,
  unfinished: false,
  ...change,
});

/** A function that returns one response after the other and records its requests. */
function functionThatReturns(
  ...responses: (RedriveResponse | { FunctionError: string; errorMessage: string } | Error)[]
) {
  const requests: RedriveRequest[] = [];
  const send = async ({ input }: InvokeCommand) => {
    requests.push(redriveRequestSchema.parse(JSON.parse(Buffer.from(input.Payload as Uint8Array).toString())));
    const next = responses.shift();
    if (next === undefined) throw new Error('invoked once too often');
    if (next instanceof Error) throw next;
    return {
      Payload: Buffer.from(JSON.stringify(next)),
      ...('FunctionError' in next ? { FunctionError: next.FunctionError } : {}),
    };
  };
  return { requests, lambda: { send } as unknown as LambdaClient };
}

it('invokes the function until nothing is left and adds up the results', async () => {
  const { requests, lambda } = functionThatReturns(
    response({ unfinished: true }),
    response({ unfinished: true, reasons: { 'tables-busy': 4, malformed: 6 }, oldestSeconds: 90 }),
    response({ sent: 3, reasons: { malformed: 3 }, remaining: 0 }),
  );
  const progress: number[] = [];
  const result = await redriveDeadLetters({ lambda, functionName: 'f', onProgress: ({ sent }) => progress.push(sent) });
  expect(result).toMatchObject({
    found: 30,
    sent: 23,
    remaining: 0,
    reasons: { 'tables-busy': 14, malformed: 9 },
    oldestSeconds: 90,
    stopped: false,
  });
  expect(result.error).toBeUndefined();
  expect(requests).toHaveLength(3);
  expect(progress).toEqual([10, 20, 23]);
});

it('every invocation measures from the start of the first, by the clock of the function', async () => {
  const { requests, lambda } = functionThatReturns(
    response({ unfinished: true, startedAt: 5_000 }),
    response({ unfinished: true, startedAt: 5_000 }),
    response({ startedAt: 5_000 }),
  );
  await redriveDeadLetters({ lambda, functionName: 'f', request: { olderThanSeconds: 60 } });
  expect(requests.map(({ startedAt }) => startedAt)).toEqual([undefined, 5_000, 5_000]);
  expect(requests.map(({ olderThanSeconds }) => olderThanSeconds)).toEqual([60, 60, 60]);
});

it('a dry run ends once it has examined as many as there were', async () => {
  const { requests, lambda } = functionThatReturns(
    response({ unfinished: true }),
    response({ unfinished: true }),
    response({ unfinished: true }),
  );
  const result = await redriveDeadLetters({ lambda, functionName: 'f', request: { dryRun: true } });
  expect([result.examined, requests.length]).toEqual([30, 3]);
});

it('a redrive that has examined as many as there were ends when it sends nothing more', async () => {
  const { requests, lambda } = functionThatReturns(
    response({ unfinished: true, examined: 30, sent: 1 }),
    response({ unfinished: true, examined: 30, sent: 1 }),
    response({ unfinished: true, examined: 30, sent: 0 }),
  );
  const result = await redriveDeadLetters({ lambda, functionName: 'f' });
  expect([result.sent, requests.length]).toEqual([2, 3]);
});

it('messages that the queue refuses are added up by code', async () => {
  const { lambda } = functionThatReturns(
    response({ unfinished: true, refused: { InvalidMessageContents: 1 } }),
    response({ refused: { InvalidMessageContents: 2, Other: 1 } }),
  );
  const result = await redriveDeadLetters({ lambda, functionName: 'f' });
  expect(result.refused).toEqual({ InvalidMessageContents: 3, Other: 1 });
});

it('sends no more than the maximum in all', async () => {
  const { requests, lambda } = functionThatReturns(
    response({ unfinished: true }),
    response({ sent: 5, unfinished: true }),
  );
  const { sent } = await redriveDeadLetters({ lambda, functionName: 'f', request: { max: 15 } });
  expect(sent).toBe(15);
  expect(requests.map(({ max }) => max)).toEqual([15, 5]);
});

it('a stop ends it after the current invocation', async () => {
  const { requests, lambda } = functionThatReturns(response({ unfinished: true }), response({ unfinished: true }));
  const stop = new AbortController();
  const result = await redriveDeadLetters({
    lambda,
    functionName: 'f',
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect(result).toMatchObject({ sent: 10, stopped: true });
  expect(requests).toHaveLength(1);
});

it.each([
  [
    'an error that the function reports',
    response({ sent: 4, error: 'AccessDenied' }),
    14,
    'the function reported AccessDenied',
  ],
  ['an error of the function', { FunctionError: 'Unhandled', errorType: 'Oops', errorMessage: 'no' }, 10, 'Oops: no'],
  ['a connection error', new Error('connection reset'), 10, 'connection reset'],
])('%s ends it, and earlier results are kept', async (_, ending, sent, message) => {
  const { lambda } = functionThatReturns(response({ unfinished: true }), ending);
  const result = await redriveDeadLetters({ lambda, functionName: 'f' });
  expect(result.sent).toBe(sent);
  expect(result.error?.message).toContain(message);
});
