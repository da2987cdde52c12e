import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { setTimeout } from 'node:timers/promises';
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

export interface RequestBody {
  readonly requestId: string;
  readonly template: string;
  readonly version: number;
  readonly data?: unknown;
  readonly dataKey?: string;
}

/** The deployed renderer, as callers and receivers of its events use it. */
export class Renderer {
  readonly run: ScenarioRun;
  readonly #sqs = new SQSClient({});
  readonly #s3 = new S3Client({});
  readonly #dynamodb = new DynamoDBClient({});
  readonly #received: RenderedDocument[] = [];
  #eventsUrl = '';

  constructor(run: ScenarioRun) {
    this.run = run;
  }

  /** Subscribes a queue of this check to the events; it is deleted at the end. */
  async listen(): Promise<void> {
    const { run } = this;
    const events = new EventBridgeClient({});
    const name = `${run.runId}-rendered`;
    const { QueueUrl = '' } = await this.#sqs.send(new CreateQueueCommand({ QueueName: name }));
    this.#eventsUrl = QueueUrl;
    run.cleanUp(
      'the queue of the events',
      async () => void (await this.#sqs.send(new DeleteQueueCommand({ QueueUrl }))),
    );
    const { Attributes } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
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
    await this.#sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await events.send(new PutTargetsCommand({ Rule: name, EventBusName, Targets: [{ Id: 'queue', Arn }] }));
  }

  /** Sends a request as it is. */
  async send(body: RequestBody | string): Promise<void> {
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.run.output('RendersQueueUrl'), MessageBody }));
  }

  /** Events for a request so far. */
  async eventsOf(requestId: string): Promise<RenderedDocument[]> {
    for (const { Body = '{}' } of await this.#receive(this.#eventsUrl)) {
      this.#received.push((JSON.parse(Body) as { detail: RenderedDocument }).detail);
    }
    return this.#received.filter((one) => one.requestId === requestId);
  }

  /** Waits for the event of a request; its objects are removed at the end. */
  async rendered(requestId: string, withinSeconds = 90): Promise<RenderedDocument> {
    const document = await this.run.eventually(
      `the event of ${requestId}`,
      async () => (await this.eventsOf(requestId))[0],
      { withinSeconds, everyMilliseconds: 250 },
    );
    this.run.cleanUp(`the document of ${requestId}`, () => this.#remove(document));
    return document;
  }

  async read(document: RenderedDocument): Promise<Buffer> {
    return this.#readVersion(document.bucket, document.key, document.version);
  }

  async readThumbnail({ bucket, thumbnail }: RenderedDocument): Promise<Buffer> {
    return this.#readVersion(bucket, thumbnail.key, thumbnail.version);
  }

  /** Puts data for a request into the input bucket; returns its key. */
  async putData(name: string, body: string): Promise<string> {
    const Bucket = this.run.output('InputBucketName');
    const Key = `data/${this.run.runId}/${name}`;
    await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body: body }));
    this.run.cleanUp(Key, async () => void (await this.#s3.send(new DeleteObjectCommand({ Bucket, Key }))));
    return Key;
  }

  /** State of a document in the table: `rendering`, `done`, or undefined. */
  async stateOf(renderHash: string): Promise<string | undefined> {
    const { Item } = await this.#dynamodb.send(
      new GetItemCommand({
        TableName: this.run.output('RendersTableName'),
        Key: { renderHash: { S: renderHash } },
        ConsistentRead: true,
      }),
    );
    return Item?.['status']?.S;
  }

  /** Waits for the event or the failure of a request; returns which, and the seconds that it took. */
  async outcomeOf(requestId: string): Promise<[outcome: string, seconds: number]> {
    const started = Date.now();
    const QueueUrl = this.run.output('FailuresQueueUrl');
    const outcome = await this.run.eventually(
      `the event or the failure of ${requestId}`,
      async () => {
        if ((await this.eventsOf(requestId)).length > 0) return 'rendered';
        const failed = (await this.#receive(QueueUrl, false)).find(({ Body = '' }) => Body.includes(requestId));
        if (failed === undefined) return undefined;
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: failed.ReceiptHandle }));
        return 'failed';
      },
      { withinSeconds: 300, everyMilliseconds: 500 },
    );
    return [outcome, Math.round((Date.now() - started) / 1_000)];
  }

  /** Number of failed messages that hold a text. */
  async failures(text: string): Promise<number> {
    const messages = await this.#receive(this.run.output('FailuresQueueUrl'), false);
    return messages.filter(({ Body = '' }) => Body.includes(text)).length;
  }

  /** Shortens the visibility timeout of Renders until the end of the check. */
  async hideMessagesFor(seconds: number): Promise<void> {
    const QueueUrl = this.run.output('RendersQueueUrl');
    const { Attributes } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
    );
    const set = async (value: string): Promise<void> => {
      await this.#sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: value } }));
    };
    this.run.cleanUp('the visibility timeout of Renders', () => set(Attributes?.['VisibilityTimeout'] ?? '360'));
    await set(String(seconds));
  }

  /** Waits until a failed message holds a text, and leaves it. */
  async failureSeen(text: string): Promise<void> {
    const QueueUrl = this.run.output('FailuresQueueUrl');
    await this.run.eventually(
      `the failure of ${text}`,
      async () => (await this.#receive(QueueUrl, false)).find(({ Body = '' }) => Body.includes(text)),
      { everyMilliseconds: 500 },
    );
    // Until it is visible again.
    await setTimeout(1_500);
  }

  /** Number of versions that a document's object has. */
  async versionsOf({ bucket, key }: RenderedDocument): Promise<number> {
    const { Versions = [] } = await this.#s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
    return Versions.length;
  }

  /** Waits for a failed message that holds a text, and removes it; returns its reason, or `none` if it failed too often. */
  async failureOf(text: string, withinSeconds = 120): Promise<string> {
    const QueueUrl = this.run.output('FailuresQueueUrl');
    return this.run.eventually(
      `the failure of ${text}`,
      async () => {
        const found = (await this.#receive(QueueUrl, false)).find(({ Body = '' }) => Body.includes(text));
        if (found === undefined) return undefined;
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.ReceiptHandle }));
        return found.MessageAttributes?.['reason']?.StringValue ?? 'none';
      },
      { withinSeconds, everyMilliseconds: 500 },
    );
  }

  async #receive(QueueUrl: string, isDeleted = true): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        ...(isDeleted ? {} : { VisibilityTimeout: 1 }),
      }),
    );
    if (!isDeleted) return Messages;
    for (const { ReceiptHandle } of Messages) {
      await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return Messages;
  }

  async #readVersion(Bucket: string, Key: string, VersionId: string): Promise<Buffer> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async #remove({ bucket: Bucket, key, version, thumbnail }: RenderedDocument): Promise<void> {
    for (const one of [{ key, version }, thumbnail]) {
      await this.#s3.send(new DeleteObjectCommand({ Bucket, Key: one.key, VersionId: one.version }));
    }
  }
}
