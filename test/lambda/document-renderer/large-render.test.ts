import { decide } from '../../../lambda/document-renderer/large-render';

const attempt = (number: number, failure: { Error?: string; Cause?: string }) =>
  decide({ requestKey: 'requests/one.json', execution: 'one', attempt: number, failure });

it('an attempt without an error has rendered the document', () => {
  expect(attempt(1, {})).toEqual({ next: 'rendered', attempt: 1 });
});

it.each(['States.HeartbeatTimeout', 'TaskInterruptedError', 'AmazonECS.Unknown'])(
  'an attempt that ended with %s is followed by another, three in all',
  (Error) => {
    expect(attempt(1, { Error })).toEqual({ next: 'again', attempt: 2 });
    expect(attempt(2, { Error })).toEqual({ next: 'again', attempt: 3 });
    expect(attempt(3, { Error })).toMatchObject({ next: 'set-aside', refused: { reason: 'task-failed' } });
  },
);

it('a document that can never be rendered is set aside at its first attempt, with the reason of the task', () => {
  const failure = { Error: 'RenderRefusedError', Cause: 'too-many-pages: more than 2000 pages' };
  expect(attempt(1, failure)).toMatchObject({
    next: 'set-aside',
    refused: { reason: 'too-many-pages', detail: 'more than 2000 pages' },
  });
});

it('a refusal without a known reason is tried again', () => {
  expect(attempt(1, { Error: 'RenderRefusedError', Cause: 'odd' }).next).toBe('again');
});
