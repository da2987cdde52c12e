import { ConditionalCheckFailedException, DynamoDBClient, type UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { admit } from '../../../../lambda/rest-api/adapters/dynamodb-rate-limits';
import { seededRandom } from '../../../../tools/scenario-runner/random';
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

/** Time that only moves when nothing else can happen before. */
class VirtualTime {
  milliseconds = 0;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ at: this.milliseconds + milliseconds, wake }));
  }

  async run(): Promise<void> {
    for (;;) {
      // Whatever follows from the last event happens before the next one.
      await new Promise(setImmediate);
      if (this.#sleepers.length === 0) return;
      this.#sleepers.sort((one, other) => one.at - other.at);
      const next = this.#sleepers.shift();
      this.milliseconds = next?.at ?? this.milliseconds;
      next?.wake();
    }
  }
}

/** One item whose updates arrive and answer after random times, as requests to DynamoDB do. */
function itemBehind(time: VirtualTime, random: () => number, slowest: number) {
  let busyUntil: number | undefined;
  const latency = (): Promise<void> => time.sleep(1 + random() * slowest);
  return async ({ input }: UpdateItemCommand): Promise<object> => {
    await latency();
    const value = (name: string): number => Number(input.ExpressionAttributeValues?.[name]?.N);
    const before = busyUntil;
    const isIdle = input.ConditionExpression?.startsWith('attribute_not_exists') === true;
    const holds = isIdle
      ? before === undefined || before < value(':now')
      : before !== undefined && before >= value(':now') && before <= value(':latest');
    const after = isIdle ? value(':until') : (before ?? 0) + value(':interval');
    if (holds) busyUntil = after;
    await latency();
    if (holds) return { Attributes: { busyUntil: { N: String(after) } } };
    const Item = before === undefined ? undefined : { busyUntil: { N: String(before) } };
    throw new ConditionalCheckFailedException({ message: 'no', $metadata: {}, ...(Item && { Item }) });
  };
}

it.each([
  { processes: 8, slowest: 10 },
  { processes: 20, slowest: 100 },
  { processes: 3, slowest: 60 },
])('admits all that the limit allows to %j in 60 s, and not one request more', async ({ processes, slowest }) => {
  const time = new VirtualTime();
  const limit = { requestsPerSecond: 10, burst: 20 };
  const send = itemBehind(time, seededRandom(7, 'limits'), slowest);
  const own = {
    ...{ client: { send } as unknown as DynamoDBClient, tableName: 'RateLimits', limit },
    now: () => new Date(1_767_225_600_000 + time.milliseconds),
  };
  let count = 0;
  const work = async (): Promise<void> => {
    while (time.milliseconds < 60_000) if ((await admit(own, 'ada')).admitted) count += 1;
  };
  for (let n = 0; n < processes; n += 1) void work();
  await time.run();
  const allowed = (limit.requestsPerSecond * time.milliseconds) / 1_000 + limit.burst;
  expect(count).toBeLessThanOrEqual(allowed);
  expect(count).toBeGreaterThan(0.98 * allowed);
});
