import { publishEvents } from '../../../lambda/stream-processor/adapters/eventbridge-events';
import type { DomainEvent } from '../../../lambda/stream-processor/domain-event';

const eventOf = (accountId: string): DomainEvent => ({
  type: 'AccountOpened',
  detail: { id: `${accountId}/1`, accountId, version: 1, balance: '1', changedAt: '2026-11-27T09:30:00.000Z' },
});

async function publish(answers: readonly (object[] | Error)[], attempts = 3) {
  const sent: string[][] = [];
  const client = {
    send: ({ input }: { input: { Entries: { Detail: string }[] } }) => {
      sent.push(input.Entries.map(({ Detail }) => (JSON.parse(Detail) as { accountId: string }).accountId));
      const answer = answers[sent.length - 1];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ Entries: answer });
    },
  };
  let left = attempts;
  const retryPolicy = {
    hasTimeLeft: () => left-- > 0,
    pause: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  const bus = { client: client as never, eventBusName: 'bus', retryPolicy };
  const errors = await publishEvents(bus, ['a', 'b', 'c'].map(eventOf));
  return { sent, errors: [...errors].map(([place, { message }]) => [place, message]) };
}

it('entries that were refused for a while are sent again, in their places', async () => {
  const throttled = { ErrorCode: 'ThrottlingException' };
  const { sent, errors } = await publish([
    [{}, throttled, { ErrorCode: 'MalformedDetail', ErrorMessage: 'no JSON' }],
    [{}],
  ]);
  expect(sent).toEqual([['a', 'b', 'c'], ['b']]);
  expect(errors).toEqual([[2, 'MalformedDetail: no JSON']]);
});

it.each(['AccessDeniedException', 'NotAuthorizedForSourceException', 'InvalidArgument'])(
  'an entry that is refused with %s, which AWS lists as final, is not sent again',
  async (ErrorCode) => {
    const { sent, errors } = await publish([[{}, { ErrorCode, ErrorMessage: 'refused' }, {}]]);
    expect(sent).toHaveLength(1);
    expect(errors).toEqual([[1, `${ErrorCode}: refused`]]);
  },
);

it('a call that fails for good refuses all of its entries', async () => {
  const { errors } = await publish([Object.assign(new Error('no bus'), { name: 'ResourceNotFoundException' })]);
  expect(errors).toHaveLength(3);
  expect(errors[0]).toEqual([0, 'ResourceNotFoundException: no bus']);
});
