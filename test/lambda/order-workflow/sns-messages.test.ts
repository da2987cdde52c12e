import { publish } from '../../../lambda/order-workflow/sns-messages';

it('a message is published as JSON that a person can read', async () => {
  const send = jest.fn().mockResolvedValue({});
  await publish({ send }, 'arn:topic', 'Order o-1', { orderId: 'o-1' });
  expect(send.mock.calls[0]?.[0].input).toEqual({
    TopicArn: 'arn:topic',
    Subject: 'Order o-1',
    Message: '{\n  "orderId": "o-1"\n}',
  });
});

it('a topic that refuses is an error, so that the step is tried again', async () => {
  const refused = { send: () => Promise.reject(new Error('refused')) };
  await expect(publish(refused, 'arn:topic', 's', {})).rejects.toThrow('refused');
});
