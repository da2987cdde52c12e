import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { faultsOf, type SentEmail } from '../shared/faults/fault-injector';
import type { ScenarioRun } from '../shared/scenario';
import { subscribeQueue } from '../shared/topic-subscription';

export type Mail = Pick<SentEmail, 'recipient' | 'text'>;

/** Returns the mails so far. */
export type Mails = () => Promise<readonly Mail[]>;

/** Mails of the topic, which a queue of the check receives. */
export async function openTopicMails(run: ScenarioRun): Promise<Mails> {
  const sqs = new SQSClient({});
  const QueueUrl = await subscribeQueue(run, sqs, run.output('NoticesTopicArn'));
  const received: Mail[] = [];
  return () => receive(sqs, QueueUrl, received);
}

/** Mails that SES sent, which only a local run can read. */
export function openSesMails(run: ScenarioRun): Promise<Mails> {
  return Promise.resolve(() => faultsOf(run).sentEmails());
}

async function receive(sqs: SQSClient, QueueUrl: string, received: Mail[]): Promise<readonly Mail[]> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return received;
    for (const { Body = '', ReceiptHandle, MessageAttributes } of Messages) {
      received.push({ recipient: MessageAttributes?.['recipient']?.StringValue ?? '', text: Body });
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}
