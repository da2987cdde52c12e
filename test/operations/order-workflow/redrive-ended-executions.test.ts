import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { redriveEndedExecutions } from '../../../operations/order-workflow/redrive-ended-executions';

const ended = (name: string) =>
  JSON.stringify({ 'detail-type': 'Step Functions Execution Status Change', detail: { name, status: 'FAILED' } });
const schedule = { 'detail-type': 'Scheduled Event', detail: {} };

/** A dead-letter queue with these bodies, and what was done with its messages. */
function queueWith(...bodies: string[]) {
  const waiting = bodies.map((Body, index) => ({ MessageId: `m-${index}`, ReceiptHandle: `m-${index}`, Body }));
  const [hidden, sent, deleted, shown] = [new Set<string>(), [], [], []] as [Set<string>, string[], string[], string[]];
  const sqs = {
    send: ((command: object) => {
      if (command instanceof ReceiveMessageCommand) {
        const Messages = waiting
          .filter(({ MessageId }) => !hidden.has(MessageId))
          .slice(0, command.input.MaxNumberOfMessages);
        for (const { MessageId } of Messages) hidden.add(MessageId);
        return Promise.resolve({ Messages });
      }
      if (command instanceof SendMessageCommand) sent.push(command.input.MessageBody ?? '');
      if (command instanceof DeleteMessageCommand) deleted.push(command.input.ReceiptHandle ?? '');
      if (command instanceof ChangeMessageVisibilityCommand) shown.push(command.input.ReceiptHandle ?? '');
      return Promise.resolve({});
    }) as never,
  };
  return { sent, deleted, shown, redrive: { sqs, deadLettersUrl: 'dead', queueUrl: 'queue' } };
}

it('sends ended executions to be recorded again, and deletes them and outdated counts', async () => {
  const record = JSON.stringify({ requestPayload: schedule, responsePayload: {} });
  const { sent, deleted, shown, redrive } = queueWith(ended('o-1'), record, JSON.stringify(schedule), ended('o-2'));
  const names: string[] = [];
  const result = await redriveEndedExecutions({ ...redrive, onRedriven: ({ name }) => names.push(name) });
  expect(result).toEqual({ redriven: 2, outdated: 2, unreadable: 0 });
  expect(sent).toEqual([ended('o-1'), ended('o-2')]);
  expect(deleted).toEqual(['m-0', 'm-1', 'm-2', 'm-3']);
  expect([names, shown]).toEqual([['o-1', 'o-2'], []]);
});

it.each(['no JSON', '{}', '{"detail-type":"Other"}'])('leaves the message %s in the queue, visible', async (body) => {
  const { sent, deleted, shown, redrive } = queueWith(body, ended('o-1'));
  expect(await redriveEndedExecutions(redrive)).toEqual({ redriven: 1, outdated: 0, unreadable: 1 });
  expect([sent.length, deleted, shown]).toEqual([1, ['m-1'], ['m-0']]);
});

it('changes nothing in a dry run', async () => {
  const { sent, deleted, shown, redrive } = queueWith(ended('o-1'), JSON.stringify(schedule));
  expect(await redriveEndedExecutions({ ...redrive, dryRun: true })).toEqual({
    redriven: 1,
    outdated: 1,
    unreadable: 0,
  });
  expect([sent, deleted, shown]).toEqual([[], [], ['m-0', 'm-1']]);
});

it('deletes nothing that was not sent, and shows it again', async () => {
  const { deleted, shown, redrive } = queueWith(ended('o-1'));
  const { send } = redrive.sqs as { send: (command: object) => Promise<object> };
  const failing = (command: object) =>
    command instanceof SendMessageCommand ? Promise.reject(new Error('denied')) : send(command);
  const failed = redriveEndedExecutions({ ...redrive, sqs: { send: failing as never } });
  await expect(failed).rejects.toThrow('denied');
  expect([deleted, shown]).toEqual([[], ['m-0']]);
});

it('stops at the largest number and on a signal', async () => {
  const twenty = Array.from({ length: 20 }, (_, index) => ended(`o-${index}`));
  const limited = queueWith(...twenty);
  expect(await redriveEndedExecutions({ ...limited.redrive, maximum: 12 })).toMatchObject({ redriven: 12 });
  const stopped = queueWith(...twenty);
  const signal = AbortSignal.abort();
  expect(await redriveEndedExecutions({ ...stopped.redrive, signal })).toMatchObject({ redriven: 0 });
});
