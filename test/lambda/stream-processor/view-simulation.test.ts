import type { AccountChange, ReceivedChange } from '../../../lambda/stream-processor/account-change';
import type { DomainEvent } from '../../../lambda/stream-processor/domain-event';
import { projectBatch } from '../../../lambda/stream-processor/projection';
import { streamResponse } from '../../../lambda/stream-processor/stream-response';
import type { Answer } from '../../../tools/local/stream-poller/batch-answer';
import { deliverBatch } from '../../../tools/local/stream-poller/deliver-batch';
import type { StreamRecord } from '../../../tools/local/stream-poller/stream-source';
import { mappingWith } from '../../tools/local/stream-poller/sample-records';

const [changeCount, accountCount, batchSize] = [10_000, 100, 50];

/** Numbers from 0 to below 1, the same in each run. */
let state = 20_261_127;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;

const imageOf = (accountId: string, version: number, balance: string) => ({
  accountId: { S: accountId },
  version: { N: String(version) },
  balance: { N: balance },
});

/** Table of accounts and the stream of its changes. */
const table = new Map<string, ReturnType<typeof imageOf>>();
const stream = Array.from({ length: changeCount }, (_, index): StreamRecord & ReceivedChange => {
  const accountId = `a-${Math.floor(random() * accountCount)}`;
  const oldImage = table.get(accountId);
  const newImage = imageOf(accountId, Number(oldImage?.version.N ?? 0) + 1, `${Math.floor(random() * 1e6)}.5`);
  table.set(accountId, newImage);
  const change = { sequenceNumber: String(index), createdAt: 1_000, newImage, oldImage };
  return { ...change, partitionKey: accountId, arrivedAt: 0, event: {} };
});

/** View in memory and a bus with a consumer, both of which refuse at random. */
class World {
  readonly current = new Map<string, { version: number; balance: string }>();
  readonly history = new Set<string>();
  /** Events in the order of arrival, with those that came again. */
  readonly received: DomainEvent['detail'][] = [];
  refusals = 0;

  readonly project = ({ accountId, version, balance }: AccountChange): Promise<boolean> => {
    if (this.refuses()) return Promise.reject(new Error('dropped'));
    this.history.add(`${accountId}/${version}`);
    const isNewest = version >= (this.current.get(accountId)?.version ?? 0);
    if (isNewest) this.current.set(accountId, { version, balance });
    return this.refuses() ? Promise.reject(new Error('lost answer')) : Promise.resolve(isNewest);
  };

  readonly publish = (events: readonly DomainEvent[]): Promise<ReadonlyMap<number, Error>> => {
    const refused = new Map<number, Error>();
    for (const [place, { detail }] of events.entries()) {
      if (this.refuses()) refused.set(place, new Error('throttled'));
      else this.received.push(detail);
    }
    return Promise.resolve(refused);
  };

  private refuses(): boolean {
    const isRefused = random() < 0.01;
    if (isRefused) this.refusals += 1;
    return isRefused;
  }
}

class CrashError extends Error {}

/** Delivers the stream from its checkpoint until it is processed; returns how often the poller crashed. */
async function poll(world: World): Promise<number> {
  let [checkpoint, crashes] = [0, 0];
  const invoke = async (records: readonly StreamRecord[]): Promise<Answer> => {
    const received = records as readonly (StreamRecord & ReceivedChange)[];
    const { failure } = await projectBatch(received, {
      concurrency: 10,
      project: world.project,
      publish: world.publish,
    });
    if (random() < 0.1) throw new CrashError();
    try {
      return { functionError: undefined, response: streamResponse(received, failure) };
    } catch {
      return { functionError: 'Unhandled', response: {} };
    }
  };
  while (checkpoint < stream.length) {
    try {
      await deliverBatch(stream.slice(checkpoint, checkpoint + batchSize), {
        mapping: mappingWith({ bisects: true, reportsItemFailures: true }),
        invoke,
        discard: () => Promise.reject(new Error('nothing is given up here')),
        now: () => 0,
        pause: () => Promise.resolve(),
      });
      checkpoint += batchSize;
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
      crashes += 1;
    }
  }
  return crashes;
}

it('after 10,000 changes, crashes and refused calls, the view equals the table and a consumer sees each change once', async () => {
  const world = new World();
  expect(await poll(world)).toBeGreaterThan(20);
  expect(world.refusals).toBeGreaterThan(100);

  expect(world.history.size).toBe(changeCount);
  const expected = Object.fromEntries(
    [...table].map(([id, { version, balance }]) => [id, { version: Number(version.N), balance: balance.N }]),
  );
  expect(Object.fromEntries(world.current)).toEqual(expected);

  const once = new Map(world.received.map((detail) => [detail.id, detail]));
  expect(world.received.length).toBeGreaterThan(once.size);
  expect(once.size).toBe(changeCount);
  const latest = new Map<string, { version: number; balance: string }>();
  const versions = new Map<string, number[]>();
  for (const { accountId, version, balance } of world.received) {
    if (version >= (latest.get(accountId)?.version ?? 0)) latest.set(accountId, { version, balance });
    const seen = versions.get(accountId) ?? [];
    if (!seen.includes(version)) versions.set(accountId, [...seen, version]);
  }
  expect(Object.fromEntries(latest)).toEqual(expected);
  // A refused entry is never followed by a later one of its account.
  for (const seen of versions.values()) expect(seen).toEqual(seen.map((_, index) => index + 1));
});
