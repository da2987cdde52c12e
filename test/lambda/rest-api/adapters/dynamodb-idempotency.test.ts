import { TransactionCanceledException, type TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import { putOnce, type Creation } from '../../../../lambda/rest-api/adapters/dynamodb-idempotency';
import { createDocument } from '../../../../lambda/rest-api/document';
import { fingerprintOf } from '../../../../lambda/rest-api/idempotency';
import { seededRandom } from '../../../../tools/scenario-runner/random';
import { FakeDynamoDB } from '../../../fakes/fake-dynamodb';
import { Refusal } from '../../../fakes/json-service';
import { newDocument } from '../test-api';

const requests = 5_000;
const faults = 0.05;

/** DynamoDB without the SDK, whose work on 6,000 requests would take most of the test. */
class Transactions extends FakeDynamoDB {
  #commands = 0;

  carryOutTransaction({ input }: TransactWriteItemsCommand): object {
    this.#commands += 1;
    try {
      return this.operationHandlers.TransactWriteItems({
        ...input,
        ClientRequestToken: `c-${this.#commands}`,
      } as never);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'TransactionCanceledException') throw error;
      throw new TransactionCanceledException({ message: error.message, $metadata: {}, ...error.members });
    }
  }
}

it('of 5,000 requests with a fifth of repeated keys, 50 at once and with failures, each key has one document', async () => {
  const random = seededRandom(11, 'keys');
  const dynamodb = new Transactions({
    Documents: { partitionKey: 'owner', sortKey: 'documentId' },
    IdempotencyKeys: { partitionKey: 'owner', sortKey: 'idempotencyKey' },
  });
  const failed = { before: 0, after: 0, conflicts: 0 };
  const send = async (command: TransactWriteItemsCommand): Promise<object> => {
    await new Promise(setImmediate);
    if (random() < faults && ++failed.before > 0) throw new Error('turned away');
    if (random() < faults && ++failed.conflicts > 0) {
      const CancellationReasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }];
      throw new TransactionCanceledException({ message: 'conflict', $metadata: {}, CancellationReasons });
    }
    const answer = dynamodb.carryOutTransaction(command);
    await new Promise(setImmediate);
    if (random() < faults && ++failed.after > 0) throw new Error('connection lost after the write');
    return answer;
  };
  const table = { client: { send } as never, tableName: 'Documents', now: () => new Date('2026-01-01T00:00:00Z') };

  /** Sends a request again until it is answered, each time with a new document, as each invocation makes one. */
  const create = async (key: string): Promise<string> => {
    for (;;) {
      const randomBytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
      const record = createDocument('ada', { ...newDocument, title: key }, { now: table.now(), randomBytes }, 24);
      const request = { key, fingerprint: fingerprintOf({ ...newDocument, title: key }), record };
      const creation = await putOnce(table, 'IdempotencyKeys', request).catch((): Creation => ({ outcome: 'running' }));
      expect(creation.outcome).not.toBe('other-request');
      if (creation.outcome === 'created') return JSON.stringify(creation.record);
    }
  };
  const keys = Array.from({ length: requests }, (_, index) => (random() < 0.2 ? Math.floor(random() * index) : index));
  const answers = await pMap(keys, async (key) => [key, await create(`key-${key}`)] as const, { concurrency: 50 });

  const different = new Set(keys).size;
  expect(Math.min(...Object.values(failed))).toBeGreaterThan(100);
  expect(different).toBeLessThan(0.9 * requests);
  expect(new Set(answers.map(([, record]) => record)).size).toBe(different);
  expect(dynamodb.table('Documents').items).toHaveLength(different);
});
