import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { admit } from '../../../../lambda/rest-api/adapters/dynamodb-rate-limits';
import { FakeDynamoDB } from '../../../fakes/fake-dynamodb';

let milliseconds = 0;
const dynamodb = new FakeDynamoDB({ RateLimits: { partitionKey: 'caller' } });
const table = {
  client: new DynamoDBClient(dynamodb.clientConfig),
  tableName: 'RateLimits',
  limit: { requestsPerSecond: 10, burst: 5 },
  now: () => new Date(1_767_225_600_000 + milliseconds),
};
const admitted = async (caller: string, times: number): Promise<number> => {
  const verdicts = await Promise.all(Array.from({ length: times }, () => admit(table, caller)));
  return verdicts.filter((verdict) => verdict.admitted).length;
};

it('admits the burst of each caller, whoever asks at the same time, and then the rate', async () => {
  expect(await admitted('ada', 20)).toBe(5);
  expect(await admitted('eve', 3)).toBe(3);
  milliseconds += 200;
  expect(await admitted('ada', 20)).toBe(2);
  milliseconds += 60_000;
  expect(await admitted('ada', 20)).toBe(5);
});

it('takes one update for a caller below its rate', async () => {
  milliseconds += 60_000;
  dynamodb.requests.length = 0;
  expect(await admit(table, 'ada')).toMatchObject({ admitted: true, remaining: 4, retrySeconds: 0 });
  expect(dynamodb.operations).toEqual(['UpdateItem']);
});

it('says after which time a refused caller is admitted', async () => {
  milliseconds += 60_000;
  await admitted('ada', 5);
  const refused = await admit(table, 'ada');
  expect(refused).toMatchObject({ admitted: false, remaining: 0, retrySeconds: 1 });
});
