import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ScenarioRun } from '../shared/scenario';

/** Detail of a DocumentRendered event. */
export interface RenderedDocument {
  readonly requestId: string;
  readonly renderHash: string;
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly pages: number;
  readonly bytes: number;
  readonly thumbnail: { readonly key: string; readonly version: string };
}

/** Events of the bus, which a queue of one check receives. */
export class RenderedEvents {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  readonly #received: RenderedDocument[] = [];

  private constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
  }

  /** Makes the queue and its rule, which are deleted at the end of the check. */
  static async subscribe(run: ScenarioRun, sqs: SQSClient): Promise<RenderedEvents> {
    const events = new EventBridgeClient({});
    const name = `${run.runId}-rendered`;
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    run.cleanUp('the queue of the events', async () => void (await sqs.send(new DeleteQueueCommand({ QueueUrl }))));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const Arn = Attributes?.['QueueArn'] ?? '';
    const EventBusName = run.output('EventBusName');
    const EventPattern = JSON.stringify({ 'detail-type': ['DocumentRendered'] });
    const { RuleArn } = await events.send(new PutRuleCommand({ Name: name, EventBusName, EventPattern }));
    run.cleanUp('the rule for the events', async () => {
      await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName, Ids: ['queue'] }));
      await events.send(new DeleteRuleCommand({ Name: name, EventBusName }));
    });
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: Arn,
      Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } },
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await events.send(new PutTargetsCommand({ Rule: name, EventBusName, Targets: [{ Id: 'queue', Arn }] }));
    return new RenderedEvents(sqs, QueueUrl);
  }

  /** Events for a request so far. */
  async of(requestId: string): Promise<RenderedDocument[]> {
    const QueueUrl = this.#queueUrl;
    const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { Body = '{}', ReceiptHandle } of Messages) {
      await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      this.#received.push((JSON.parse(Body) as { detail: RenderedDocument }).detail);
    }
    return this.#received.filter((one) => one.requestId === requestId);
  }
}
