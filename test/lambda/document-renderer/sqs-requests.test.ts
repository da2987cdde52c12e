import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import { setAside } from '../../../lambda/document-renderer/adapters/sqs-requests';
import { RenderRefusedError } from '../../../lambda/document-renderer/render-errors';

/** Message that sets a request aside. */
async function messageOf(body: string, detail: string): Promise<SendMessageCommand['input'] | undefined> {
  const sent: SendMessageCommand[] = [];
  const send = (command: SendMessageCommand): Promise<object> => {
    sent.push(command);
    return Promise.resolve({});
  };
  // The one command that is sent.
  const queues = { client: { send: send as never }, failuresQueueUrl: 'failures' };
  await setAside(queues, body, new RenderRefusedError('malformed', detail));
  return sent[0]?.input;
}

it.each([0, 1_000, 2_000, 2_100, 2_101, 3_000])(
  'a request of 1 MiB less %i bytes is set aside within 1 MiB',
  async (less) => {
    const { MessageBody = '', MessageAttributes = {} } =
      (await messageOf('x'.repeat(1_048_576 - less), '\u20AC'.repeat(1_000))) ?? {};
    const texts = Object.entries(MessageAttributes).flatMap(([name, { DataType, StringValue }]) => [
      ...[name, DataType, StringValue],
    ]);
    expect(Buffer.byteLength(MessageBody + texts.join(''))).toBeLessThanOrEqual(1_048_576);
    expect(Object.keys(MessageAttributes)).toEqual(less < 2_100 ? [] : ['reason', 'detail']);
  },
);

it('a reason holds no character that SQS refuses, whatever the names in the request hold', async () => {
  const { MessageAttributes } = (await messageOf('{}', 'wrong at a\u0001b\uFFFF\tc\uD800')) ?? {};
  expect(MessageAttributes).toMatchObject({ detail: { StringValue: 'wrong at a?b?\tc?' } });
});
