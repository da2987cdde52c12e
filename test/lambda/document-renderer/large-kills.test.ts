import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { dynamodbRenders } from '../../../lambda/document-renderer/adapters/dynamodb-renders';
import { storeDocument } from '../../../lambda/document-renderer/adapters/s3-documents';
import { renderDocument, type RenderDependencies, type RenderedEvent } from '../../../lambda/document-renderer/render';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';
import { FakeS3 } from '../../fakes/fake-s3';

const request = { requestId: 'one', template: 'note', version: 1, dataKey: 'data/one.json' };
const signal = new AbortController().signal;

/** Moments of an attempt: before and after each of its six calls. */
const moments = Array.from({ length: 12 }, (_, index) => index + 1);

/** Two attempts of one execution, and what they leave. */
function world() {
  const dynamodb = new FakeDynamoDB({ Renders: { partitionKey: 'renderHash' } });
  const s3 = new FakeS3({ input: 'Enabled', documents: 'Enabled' });
  s3.put('input', 'data/one.json', '{"text":"hello"}');
  const client = new S3Client(s3.clientConfig);
  const events: RenderedEvent[] = [];
  const finished: string[] = [];

  /** @param pause called at every moment of the attempt, in order */
  const attempt = (name: string, pause: (moment: number) => Promise<void> = () => Promise.resolve()) => {
    let moment = 0;
    const around = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      await pause((moment += 1));
      const result = await call();
      await pause((moment += 1));
      return result;
    };
    const renders = dynamodbRenders({
      client: new DynamoDBClient(dynamodb.clientConfig),
      ...{ tableName: 'Renders', work: 'execution', owner: `execution/${name}`, leaseSeconds: 60, keptSeconds: 1_000 },
      now: () => new Date(0),
      signal,
    });
    const buckets = { client, inputBucketName: 'input', documentsBucketName: 'documents', signal };
    const dependencies: RenderDependencies = {
      limits: { maximumPages: 2, maximumBytes: 1_000 },
      engine: '153',
      templateOf: () => ({ format: 'html', source: '<p>{{text}}</p>' }),
      readInput: (key) => around(() => Promise.resolve(s3.text('input', key) ?? '')),
      renders: {
        claim: (hash) => around(() => renders.claim(hash)),
        finish: (hash, document) =>
          around(async () => {
            const isMine = await renders.finish(hash, document);
            if (isMine) finished.push(name);
            return isMine;
          }),
        // Whoever is dead releases nothing.
        release: (hash) => pause(0).then(() => renders.release(hash)),
      },
      print: () => around(() => Promise.resolve({ pdf: Buffer.from('<</Type /Page\n'), thumbnail: Buffer.from(name) })),
      store: (hash, page, pages) => around(() => storeDocument(buckets, hash, page, pages)),
      publish: (event) =>
        around(() => {
          events.push(event);
          return Promise.resolve();
        }),
    };
    return renderDocument(request, dependencies);
  };
  return { attempt, events, finished, s3 };
}

/** Every object of the document has one version, and all events name it. */
function expectOneDocument({ events, finished, s3 }: ReturnType<typeof world>): void {
  expect(finished).toHaveLength(1);
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) {
    expect(event.version).toBe(s3.object('documents', event.key)?.versionId);
    expect(event.thumbnail.version).toBe(s3.object('documents', event.thumbnail.key)?.versionId);
    expect(s3.bucket('documents').versions(event.key)).toHaveLength(1);
  }
}

it.each(moments)('a task that dies at moment %i of 12 leaves one document after the next', async (at) => {
  const all = world();
  let isDead = false;
  const dies = (moment: number): Promise<void> => {
    isDead ||= moment === at;
    return isDead ? Promise.reject(new Error('dead')) : Promise.resolve();
  };
  await expect(all.attempt('first', dies)).rejects.toThrow('dead');
  await all.attempt('second');
  expectOneDocument(all);
});

it.each(moments)('a task that hangs at moment %i of 12, and goes on after the next, delivers no other', async (at) => {
  const all = world();
  const reached = Promise.withResolvers<undefined>();
  const hang = Promise.withResolvers<undefined>();
  const first = all.attempt('first', async (moment) => {
    if (moment !== at) return;
    reached.resolve(undefined);
    await hang.promise;
  });
  await reached.promise;
  await all.attempt('second');
  hang.resolve(undefined);
  // It ends without a word, or finds that its lease was taken over.
  await first.catch((error: unknown) => expect(error).toMatchObject({ name: 'RenderBusyError' }));
  expectOneDocument(all);
});
