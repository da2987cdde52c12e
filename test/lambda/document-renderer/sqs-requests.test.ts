import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import { setAside } from '../../../lambda/document-renderer/adapters/sqs-requests';
import { RenderRefusedError } from '../../../lambda/document-renderer/render-errors';

it('a reason holds no character that SQS refuses, whatever the names in the request hold', async () => {
  const sent: SendMessageCommand[] = [];
  const send = (command: SendMessageCommand): Promise<object> => {
    sent.push(command);
    return Promise.resolve({});
  };
  // The one command that is sent.
  const queues = { client: { send: send as never }, failuresQueueUrl: 'failures' };
  await setAside(queues, '{}', new RenderRefusedError('malformed', 'wrong at a\u0001b\uFFFF\tc\uD800'));
  expect(sent[0]?.input.MessageAttributes).toMatchObject({ detail: { StringValue: 'wrong at a?b?\tc?' } });
});
