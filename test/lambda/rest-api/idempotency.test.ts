import { fingerprintOf, idempotencyKeyOf } from '../../../lambda/rest-api/idempotency';
import { captureOutput } from '../../fakes/captured-output';
import { jsonRefusal } from '../../fakes/json-service';
import { claimsOf, newDocument, TestApi } from './test-api';

let api: TestApi;
beforeEach(async () => {
  captureOutput();
  api = await new TestApi().open();
});
afterEach(async () => {
  await api.close();
  jest.restoreAllMocks();
});

const keyed = (key: string, more: object = {}) => ({ headers: { 'Idempotency-Key': key }, ...more });

it('gives the same answer to the same request, as it was, and creates one document', async () => {
  const first = await api.create(newDocument, keyed('k-1'));
  await api.patch(String(first.body['id']), { title: 'Changed' }, '"1"');
  const reordered = { tags: ['reports'], bytes: 12, contentType: 'text/plain', title: 'Report' };
  const again = await api.create(reordered, keyed('k-1'));
  const withoutLink = ({ upload: _, ...document }: Record<string, unknown>) => document;
  expect({ status: again.status, headers: again.headers }).toEqual({ status: 201, headers: first.headers });
  expect(withoutLink(again.body)).toEqual(withoutLink(first.body));
  expect(again.body['upload']).toMatchObject({ method: 'PUT' });
  expect(api.dynamodb.table('Documents').items).toHaveLength(1);
});

it('answers 422 to another body under a used key, and creates nothing', async () => {
  await api.create(newDocument, keyed('k-1'));
  expect((await api.create({ ...newDocument, bytes: 13 }, keyed('k-1'))).status).toBe(422);
  expect(api.dynamodb.table('Documents').items).toHaveLength(1);
});

it('answers 409 while the first request runs', async () => {
  const reasons = { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] };
  api.dynamodb.before = ({ operation }) =>
    operation === 'TransactWriteItems' ? jsonRefusal('TransactionCanceledException', 'conflict', reasons) : undefined;
  const { status, headers } = await api.create(newDocument, keyed('k-1'));
  expect({ status, retry: headers['Retry-After'] }).toEqual({ status: 409, retry: '1' });
});

it('takes a key of another caller, and one that is a day old, for new', async () => {
  await api.create(newDocument, keyed('k-1'));
  await api.create(newDocument, keyed('k-1', { claims: claimsOf('eve') }));
  const key = { owner: { S: 'ada' }, idempotencyKey: { S: 'k-1' } };
  const item = api.dynamodb.item('IdempotencyKeys', key);
  expect(Number(item?.['expiresAt']?.N) * 1_000 - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
  api.dynamodb.put('IdempotencyKeys', { ...item, expiresAt: { N: '1000' } });
  await api.create({ ...newDocument, bytes: 13 }, keyed('k-1'));
  expect(api.dynamodb.table('Documents').items).toHaveLength(3);
});

it.each(['', ' ', 'é', 'a b', 'x'.repeat(256)])('answers 400 to the key %j', async (key) => {
  expect((await api.create(newDocument, keyed(key))).status).toBe(400);
  expect(() => idempotencyKeyOf(new Map([['idempotency-key', key]]))).toThrow('Idempotency-Key is not valid');
});

it('compares values and not their order in the text', () => {
  const { tags: _, ...untagged } = newDocument;
  expect(fingerprintOf(untagged)).toBe(fingerprintOf({ ...untagged, tags: [] }));
  expect(fingerprintOf({ ...newDocument, tags: ['a', 'b'] })).not.toBe(
    fingerprintOf({ ...newDocument, tags: ['a,b'] }),
  );
});
