import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import type { DocumentBody } from '../../lambda/rest-api/schemas';
import { assertDisturbed, disturb } from '../shared/faults/disturbed-calls';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { everyDocument, openClient, succeeded } from './deployment';

const requests = 1_000;
const repeatedShare = 0.2;
const atOnce = 20;
const maximumAttempts = 20;
/** Grows by itself with each attempt: a request that is still under way needs longer on a slow machine. */
const pauseMilliseconds = 100;

export const idempotentCreationProof: Check = {
  name: 'idempotent-creation',
  needs: 'faults',
  title: 'however often and while calls fail: one document per idempotency key, and the same answer',
  async run(run) {
    const client = await openClient(run, 'ada');
    const stop = await disturb(run, [run.output('ServeDocumentsFunctionName')], 'dynamodb', {
      throttled: 0.05,
      dropped: 0.05,
      unanswered: 0.05,
    });
    const keys = Array.from({ length: requests }, (_, index) => keyOf(run, index));
    const answers = await run.step(`${requests} requests, ${atOnce} at once`, () =>
      pMap(keys, async (key) => ({ key, document: await createUntilAnswered(client, key) }), { concurrency: atOnce }),
    );
    assertDisturbed(run, 'dynamodb', await stop(), ['throttled', 'dropped', 'unanswered']);

    const byKey = Map.groupBy(answers, ({ key }) => key);
    const different = [...byKey.values()].filter(
      (all) => new Set(all.map(({ document }) => textOf(document))).size > 1,
    );
    run.assertEqual(different.length, 0, 'keys with different answers');
    const stored = (await everyDocument(client)).map(({ title }) => title);
    run.assertEqual(new Set(stored).size, byKey.size, 'keys with a document');
    run.assertEqual(stored.length, byKey.size, 'documents');
    const other = await client.create({ ...newDocument('another'), bytes: 6 }, { 'idempotency-key': keys[0] ?? '' });
    run.assertEqual(other.status, 422, 'status of another body under a used key');
    run.metric('requests', requests);
    run.metric('different keys', byKey.size);
  },
};

const newDocument = (title: string) => ({ title, contentType: 'text/plain', bytes: 5 });

/** Every fifth request has the key of an earlier one. */
function keyOf(run: ScenarioRun, index: number): string {
  const isRepeated = index > 0 && run.random() < repeatedShare;
  return `${run.runId}-${isRepeated ? Math.floor(run.random() * index) : index}`;
}

/** Sends a request again while its answer says so, as a client does. */
async function createUntilAnswered(client: DocumentsClient, key: string): Promise<DocumentBody> {
  for (let attempt = 1; attempt < maximumAttempts; attempt += 1) {
    const reply = await client.create(newDocument(key), { 'idempotency-key': key });
    if (![409, 429, 503].includes(reply.status)) return succeeded(reply, 201).body;
    await sleep(attempt * pauseMilliseconds);
  }
  return succeeded(await client.create(newDocument(key), { 'idempotency-key': key }), 201).body;
}

/** The answer but for its link, which is signed anew. */
function textOf({ upload: _, ...document }: DocumentBody): string {
  return JSON.stringify(document);
}
