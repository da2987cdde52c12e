import { endedExecutions } from '../../../lambda/order-workflow/sqs-ended-executions';

const message = (messageId: string, body: unknown) => ({
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

it('the order and how its execution ended are read, and what is no such message is told apart', () => {
  const Records = [
    message('1', { detail: { name: 'o-1', status: 'TIMED_OUT', input: '{"canary":true}' } }),
    message('2', 'no JSON'),
    message('3', { detail: { name: 'o-3', status: 'SUCCEEDED' } }),
  ];
  expect(endedExecutions({ Records })).toEqual([
    { messageId: '1', ended: { orderId: 'o-1', status: 'TIMED_OUT' } },
    { messageId: '2', ended: undefined },
    { messageId: '3', ended: undefined },
  ]);
});
