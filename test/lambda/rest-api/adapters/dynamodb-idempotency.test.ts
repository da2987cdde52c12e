import {
  TransactionCanceledException,
  type AttributeValue,
  type TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import { putOnce, type Creation } from '../../../../lambda/rest-api/adapters/dynamodb-idempotency';
import { createDocument } from '../../../../lambda/rest-api/document';
import { fingerprintOf } from '../../../../lambda/rest-api/idempotency';
import { seededRandom } from '../../../../tools/scenario-runner/random';
import { newDocument } from '../test-api';

type Item = Record<string, AttributeValue>;

const requests = 5_000;
const random = seededRandom(11, 'keys');
const failures = { before: 0, conflicts: 0, after: 0 };
const happens = (what: keyof typeof failures): boolean => random() < 0.05 && ++failures[what] > 0;

const cancelled = (Code: string, Item?: Item): TransactionCanceledException => {
  const CancellationReasons = [{ Code, ...(Item && { Item }) }, { Code: 'None' }];
  return new TransactionCanceledException({ message: Code, $metadata: {}, CancellationReasons });
};

/** Both tables, whose transactions are turned away, conflict, or lose their answers. */
class Tables {
  readonly keys = new Map<string, Item>();
  readonly documents: Item[] = [];

  async send({ input }: TransactWriteItemsCommand): Promise<object> {
    await new Promise(setImmediate);
    if (happens('before')) throw new Error('turned away');
    if (happens('conflicts')) throw cancelled('TransactionConflict');
    const [key = {}, document = {}] = (input.TransactItems ?? []).map(({ Put }) => Put?.Item);
    const name = key['idempotencyKey']?.S ?? '';
    const found = this.keys.get(name);
    if (found !== undefined) throw cancelled('ConditionalCheckFailed', found);
    this.keys.set(name, key);
    this.documents.push(document);
    await new Promise(setImmediate);
    if (happens('after')) throw new Error('connection lost after the write');
    return {};
  }
}

it('of 5,000 requests with a fifth of repeated keys, 50 at once and with failures, each key has one document', async () => {
  const tables = new Tables();
  const now = () => new Date('2026-01-01T00:00:00Z');
  const table = { client: tables as never, tableName: 'Documents', now };
  /** Sends a request again until it is answered, each time with a new document, as each invocation makes one. */
  const create = async (title: string): Promise<string> => {
    for (;;) {
      const randomBytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
      const input = { ...newDocument, title };
      const record = createDocument('ada', input, { now: now(), randomBytes }, 24);
      const keyed = { key: title, fingerprint: fingerprintOf(input), record };
      const creation = await putOnce(table, 'IdempotencyKeys', keyed).catch((): Creation => ({ outcome: 'running' }));
      if (creation.outcome === 'created') return JSON.stringify(creation.record);
      if (creation.outcome === 'other-request') throw new Error('a repeated request was taken for another');
    }
  };
  const keys = Array.from({ length: requests }, (_, index) => (random() < 0.2 ? Math.floor(random() * index) : index));
  const answers = await pMap(keys, (key) => create(`key-${key}`), { concurrency: 50 });

  const different = new Set(keys).size;
  expect(Math.min(...Object.values(failures))).toBeGreaterThan(100);
  expect(different).toBeLessThan(0.9 * requests);
  expect(new Set(answers).size).toBe(different);
  expect(tables.documents).toHaveLength(different);
});
