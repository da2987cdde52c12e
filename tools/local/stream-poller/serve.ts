/** Process that polls streams for the event source mappings of the emulator, which are disabled there. */
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientSettings } from '../client-settings';
import type { Answer } from './batch-answer';
import { sendToDestination } from './destination';
import { DynamoDBSource } from './dynamodb-source';
import { KinesisSource } from './kinesis-source';
import { readMapping, type StreamMapping } from './mapping';
import { MappingPoller } from './mapping-poller';
import { pollerOptionsSchema, pollerOrderSchema, pollerReadinessFile, type PollerOptions } from './poller-process';

const mappingsEveryMilliseconds = 500;
/** A function may run for 15 minutes. */
const longestInvocation = 16 * 60_000;

/** Pollers of all mappings of the emulator whose source is a stream. */
class StreamPollers {
  private readonly pollers = new Map<string, MappingPoller>();
  private readonly lambda: LambdaClient;
  private readonly kinesis: KinesisClient;
  private readonly streams: DynamoDBStreamsClient;
  private millisecondsAhead = 0;
  private readonly clients: { readonly s3: S3Client; readonly sqs: SQSClient };

  constructor(private readonly options: PollerOptions) {
    const settings = clientSettings(options.endpoint, options.certificate);
    // A second attempt of the client would be a second invocation.
    const requestHandler = { ...settings.requestHandler, requestTimeout: longestInvocation };
    this.lambda = new LambdaClient({ ...settings, requestHandler, maxAttempts: 1 });
    // Its default handler speaks HTTP/2, which the emulator does not.
    this.kinesis = new KinesisClient({ ...settings, requestHandler: new NodeHttpHandler(settings.requestHandler) });
    this.streams = new DynamoDBStreamsClient(settings);
    this.clients = { s3: new S3Client({ ...settings, forcePathStyle: true }), sqs: new SQSClient(settings) };
  }

  /** Starts a poller for each new mapping or changed settings, and stops those of mappings that are gone. */
  async update(): Promise<void> {
    const found = new Map<string, StreamMapping>();
    for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: this.lambda }, {})) {
      for (const configuration of EventSourceMappings) {
        const mapping = readMapping(configuration);
        if (mapping !== undefined) found.set(mapping.uuid, mapping);
      }
    }
    for (const [uuid, poller] of this.pollers) {
      if (JSON.stringify(found.get(uuid)) === JSON.stringify(poller.mapping)) continue;
      poller.stop();
      this.pollers.delete(uuid);
    }
    for (const [uuid, mapping] of found) {
      if (!this.pollers.has(uuid)) this.pollers.set(uuid, this.start(mapping));
    }
  }

  /** Drops everything but the checkpoints, like a process that ends; the next update starts again from those. */
  crash(): void {
    for (const poller of this.pollers.values()) poller.stop();
    this.pollers.clear();
  }

  /** Sets the clock ahead, by which records become too old. */
  setClock(secondsAhead: number): void {
    this.millisecondsAhead = secondsAhead * 1_000;
  }

  private start(mapping: StreamMapping): MappingPoller {
    const { streamArn } = mapping;
    const source = streamArn.includes(':kinesis:')
      ? new KinesisSource(this.kinesis, streamArn)
      : new DynamoDBSource(this.streams, streamArn);
    console.log(`polls ${streamArn} for ${mapping.functionArn}`);
    return new MappingPoller(mapping, {
      source,
      invoke: (functionArn, event) => this.invoke(functionArn, event),
      discard: (discarded, context) => {
        console.log(`discards ${discarded.records.length} records of ${streamArn}: ${discarded.condition}`);
        return sendToDestination(this.clients, discarded, context);
      },
      folder: this.options.folder,
      now: () => Date.now() + this.millisecondsAhead,
      log: (line) => console.log(line),
    });
  }

  private async invoke(FunctionName: string, event: object): Promise<Answer> {
    try {
      const command = new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(event)) });
      const { FunctionError, Payload } = await this.lambda.send(command);
      const text = Buffer.from(Payload ?? []).toString();
      return { functionError: FunctionError, response: text === '' ? null : (JSON.parse(text) as unknown) };
    } catch (error) {
      console.log(`${FunctionName} was not invoked: ${String(error)}`);
      return 'not-invoked';
    }
  }
}

async function main(file: string): Promise<void> {
  const options = pollerOptionsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const pollers = new StreamPollers(options);
  const token = randomBytes(24).toString('base64url');
  const control = createServer((request, response) => {
    if (request.url !== `/${token}` || request.method !== 'POST') return void response.writeHead(404).end();
    const carryOut = (body: string): void => {
      const order = pollerOrderSchema.parse(JSON.parse(body));
      if (order.do === 'crash') pollers.crash();
      else pollers.setClock(order.secondsAhead);
      response.end('{}');
    };
    text(request)
      .then(carryOut)
      .catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(control.address() as AddressInfo).port}/${token}`;
  writeFileSync(pollerReadinessFile(options.folder), JSON.stringify({ control: url }), { mode: 0o600 });
  for (;;) {
    await pollers.update().catch((error: unknown) => console.log(String(error)));
    await sleep(mappingsEveryMilliseconds);
  }
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
