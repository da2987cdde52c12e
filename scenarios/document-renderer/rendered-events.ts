import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { subscribeQueueToBus } from '../shared/bus-subscription';
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
    const pattern = { 'detail-type': ['DocumentRendered'] };
    return new RenderedEvents(sqs, await subscribeQueueToBus(run, sqs, { name: 'rendered', pattern }));
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
