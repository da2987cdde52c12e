import fc from 'fast-check';
import { InvalidChangeError, type ReceivedChange } from '../../../lambda/stream-processor/account-change';
import type { DomainEvent } from '../../../lambda/stream-processor/domain-event';
import { projectBatch, type ProjectionWork } from '../../../lambda/stream-processor/projection';

const image = (accountId: string, version: number) => ({
  accountId: { S: accountId },
  version: { N: String(version) },
  balance: { N: `${version}.50` },
});

/** Changes of accounts in order: each name is the next version of that account. */
function changesOf(...accounts: string[]): ReceivedChange[] {
  const versions = new Map<string, number>();
  return accounts.map((accountId, index) => {
    const version = (versions.get(accountId) ?? 0) + 1;
    versions.set(accountId, version);
    const oldImage = version === 1 ? undefined : image(accountId, version - 1);
    return { sequenceNumber: String(index + 1), createdAt: 1_000, newImage: image(accountId, version), oldImage };
  });
}

function workOf(changes: Partial<ProjectionWork> = {}) {
  const published: DomainEvent[] = [];
  const calls: number[] = [];
  const work: ProjectionWork = {
    concurrency: 3,
    project: () => Promise.resolve(true),
    publish: (events) => {
      calls.push(events.length);
      published.push(...events);
      return Promise.resolve(new Map());
    },
    ...changes,
  };
  return { work, published, calls };
}

const idsOf = (events: readonly DomainEvent[]) => events.map(({ detail }) => detail.id);

it('an account that is new is opened, later changes have the balance before', async () => {
  const { work, published } = workOf();
  await projectBatch(changesOf('a', 'a'), work);
  expect(published).toEqual([
    { type: 'AccountOpened', detail: expect.objectContaining({ id: 'a/1', version: 1, balance: '1.5' }) as unknown },
    { type: 'BalanceChanged', detail: expect.objectContaining({ id: 'a/2', previousBalance: '1.5' }) as unknown },
  ]);
});

it('a refused entry stops the later ones of its account, and names the record', async () => {
  const published: string[] = [];
  const { work } = workOf({
    publish: (events) => {
      const refused = new Map<number, Error>();
      for (const [place, { detail }] of events.entries()) {
        if (detail.id === 'a/2') refused.set(place, new Error('throttled'));
        else published.push(detail.id);
      }
      return Promise.resolve(refused);
    },
  });
  const { failure } = await projectBatch(changesOf('a', 'b', 'a', 'a', 'b'), work);
  expect(published).toEqual(['a/1', 'b/1', 'b/2']);
  expect(failure?.index).toBe(2);
});

it('a change that the view does not take stops the later ones of its account', async () => {
  const projected: string[] = [];
  const { work, published } = workOf({
    project: ({ accountId, version }) => {
      if (accountId === 'a' && version === 2) return Promise.reject(new Error('busy'));
      projected.push(`${accountId}/${version}`);
      return Promise.resolve(true);
    },
  });
  const { failure } = await projectBatch(changesOf('a', 'a', 'a', 'b'), work);
  expect(projected.sort()).toEqual(['a/1', 'b/1']);
  expect(idsOf(published)).toEqual(['a/1', 'b/1']);
  expect(failure?.index).toBe(1);
});

it('a change that is of no account ends the batch', async () => {
  const { work, published } = workOf();
  const changes = changesOf('a', 'b', 'c');
  const withPoison = [changes[0]!, { ...changes[1]!, newImage: { accountId: { S: 'b' } } }, changes[2]!];
  const { failure } = await projectBatch(withPoison, work);
  expect(failure?.index).toBe(1);
  expect(idsOf(published)).toEqual(['a/1']);
});

it('a change that does not raise the version is refused', async () => {
  const [, second] = changesOf('a', 'a');
  const { failure } = await projectBatch([{ ...second!, newImage: image('a', 1) }], workOf().work);
  expect(failure?.error).toEqual(
    new InvalidChangeError('version: use one above 1, that of the item before the change'),
  );
});

it('events of an account are published in order, at most ten of different accounts in a call', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(30), { maxLength: 80 }), async (accounts) => {
      const { work, published, calls } = workOf();
      await projectBatch(changesOf(...accounts.map((one) => `account-${one}`)), work);
      expect(published).toHaveLength(accounts.length);
      expect(calls.every((count) => count <= 10)).toBe(true);
      for (const some of Map.groupBy(published, ({ detail }) => detail.accountId).values()) {
        expect(some.map(({ detail }) => detail.version)).toEqual(some.map((_, index) => index + 1));
      }
    }),
  );
});
