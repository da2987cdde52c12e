import { publish } from '../../../../lambda/order-workflow/adapters/sns-messages';

it('publishes indented JSON', async () => {
  const send = jest.fn().mockResolvedValue({});
  await publish({ client: { send }, topicArn: 'arn:topic' }, 'Order o-1', { orderId: 'o-1' });
  expect(send.mock.calls[0]?.[0].input).toEqual({
    TopicArn: 'arn:topic',
    Subject: 'Order o-1',
    Message: '{\n  "orderId": "o-1"\n}',
  });
});

it('throws if SNS refuses the message, so that the step is retried', async () => {
  const client = { send: () => Promise.reject(new Error('refused')) };
  await expect(publish({ client, topicArn: 'arn:topic' }, 's', {})).rejects.toThrow('refused');
});
