import { DeleteItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { setTimeout } from 'node:timers/promises';
import type { ScenarioRun } from '../shared/scenario';
import { RenderedEvents, type RenderedDocument } from './rendered-events';

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
  #events: RenderedEvents | undefined;

  constructor(run: ScenarioRun) {
    this.run = run;
  }

  /** Subscribes a queue of this check to the events; it is deleted at the end. */
  async listen(): Promise<void> {
    this.#events = await RenderedEvents.subscribe(this.run, this.#sqs);
  }

  /** Sends a request as it is. */
  async send(body: RequestBody | string): Promise<void> {
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.run.output('RendersQueueUrl'), MessageBody }));
  }

  /** Events for a request so far. */
  async eventsOf(requestId: string): Promise<RenderedDocument[]> {
    return (await this.#events?.of(requestId)) ?? [];
  }

  /** Waits for the event of a request; its item and objects are removed at the end. */
  async rendered(requestId: string, withinSeconds = 300): Promise<RenderedDocument> {
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

  /** Removes what is recorded of a document, and leaves its objects. */
  async forget(renderHash: string): Promise<void> {
    const TableName = this.run.output('RendersTableName');
    await this.#dynamodb.send(new DeleteItemCommand({ TableName, Key: { renderHash: { S: renderHash } } }));
  }

  /** Number of failed messages that hold a text. */
  async failures(text: string): Promise<number> {
    const messages = await this.#failed();
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
    await this.run.eventually(
      `the failure of ${text}`,
      async () => (await this.#failed()).find(({ Body = '' }) => Body.includes(text)),
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
  async failureOf(text: string, withinSeconds = 300): Promise<string> {
    const QueueUrl = this.run.output('FailuresQueueUrl');
    return this.run.eventually(
      `the failure of ${text}`,
      async () => {
        const found = (await this.#failed()).find(({ Body = '' }) => Body.includes(text));
        if (found === undefined) return undefined;
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.ReceiptHandle }));
        return found.MessageAttributes?.['reason']?.StringValue ?? 'none';
      },
      { withinSeconds, everyMilliseconds: 500 },
    );
  }

  async #failed(): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.run.output('FailuresQueueUrl'),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 1,
      }),
    );
    return Messages;
  }

  async #readVersion(Bucket: string, Key: string, VersionId: string): Promise<Buffer> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** Removes the item first: the same request in a later run must not be answered with objects that are gone. */
  async #remove({ renderHash, bucket: Bucket, key, version, thumbnail }: RenderedDocument): Promise<void> {
    await this.forget(renderHash);
    for (const one of [{ key, version }, thumbnail]) {
      await this.#s3.send(new DeleteObjectCommand({ Bucket, Key: one.key, VersionId: one.version }));
    }
  }
}
