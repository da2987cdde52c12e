import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  changeRequest,
  createRequest,
  findRequest,
  LimitExceededError,
  listRequests,
  RequestNotFoundError,
  type RequestStore,
} from '../../../../lambda/approval-workflow/adapters/dynamodb-requests';
import { statusIndexName } from '../../../../lambda/approval-workflow/request-record';
import { decide, finish } from '../../../../lambda/approval-workflow/transitions';
import { FakeDynamoDB } from '../../../fakes/fake-dynamodb';
import { now, record } from '../sample-request';

function openStore(): { store: RequestStore; fake: FakeDynamoDB } {
  const fake = new FakeDynamoDB({
    Requests: {
      partitionKey: 'requestId',
      indexes: { [statusIndexName]: { partitionKey: 'status', sortKey: 'submittedAt' } },
    },
    Audit: { partitionKey: 'requestId', sortKey: 'entry' },
    Limits: { partitionKey: 'owner' },
  });
  const store: RequestStore = {
    client: new DynamoDBClient(fake.clientConfig),
    requestsTableName: 'Requests',
    auditTableName: 'Audit',
    limitsTableName: 'Limits',
    now: () => now,
  };
  return { store, fake };
}

const entry = { what: 'submitted', who: 'ana', from: '192.0.2.1' };

it('a request is written once', async () => {
  const { store } = openStore();
  expect(await createRequest(store, record, entry)).toBeUndefined();
  expect(await createRequest(store, { ...record, purpose: 'Other' }, entry)).toEqual(record);
  expect(await findRequest(store, record.requestId)).toEqual(record);
  const listed = await listRequests(store, 'awaiting-approval');
  expect(listed.map(({ requestId }) => requestId)).toEqual([record.requestId]);
});

it('of a hundred decisions at once one counts, and all others learn it', async () => {
  const { store } = openStore();
  await createRequest(store, record, entry);
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      let answer = 'none';
      const decision = index % 2 === 0 ? ('approve' as const) : ('refuse' as const);
      await changeRequest(store, record.requestId, (before) => {
        const decided = decide(before, { person: 'ben', decision, now, from: '192.0.2.1' });
        ({ answer } = decided);
        return decided.change;
      });
      return answer;
    }),
  );
  expect(answers.filter((answer) => answer !== 'already-yours')).toHaveLength(1);
});

it('a limit is never exceeded by requests at once, and given back at their end, once', async () => {
  const { store, fake } = openStore();
  const ids = Array.from({ length: 50 }, (_, index) => `r-${index}`);
  const reserve = [
    { owner: 'team#data', machines: 2, monthlyCents: 3_400 },
    { owner: 'person#ana', machines: 9, monthlyCents: 10_000 },
  ];
  for (const requestId of ids) await createRequest(store, { ...record, requestId }, entry);
  const results = await Promise.allSettled(
    ids.map((id) => changeRequest(store, id, () => ({ set: { reserved: true }, entry, limits: { reserve } }))),
  );
  const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  expect(refused).toHaveLength(48);
  expect(refused.every((one) => one instanceof LimitExceededError && one.owner === 'team#data')).toBe(true);
  const counters = () => fake.item('Limits', { owner: { S: 'team#data' } });
  expect(counters()).toMatchObject({ machines: { N: '2' }, cents: { N: '3400' } });
  for (const requestId of [...ids, ...ids]) {
    await changeRequest(store, requestId, (before) => finish(before, 'ended', 'due'));
  }
  expect(counters()).toMatchObject({ machines: { N: '0' }, cents: { N: '0' } });
});

it('a request that does not exist is not changed', async () => {
  const { store } = openStore();
  await expect(changeRequest(store, 'r-none', () => undefined)).rejects.toThrow(RequestNotFoundError);
});
