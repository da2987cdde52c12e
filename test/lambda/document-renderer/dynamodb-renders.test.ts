import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbRenders } from '../../../lambda/document-renderer/adapters/dynamodb-renders';
import type { Document, Renders } from '../../../lambda/document-renderer/render';
import { FakeDynamoDB } from '../../fakes/fake-dynamodb';

const fake = new FakeDynamoDB({ Renders: { partitionKey: 'renderHash' } });
let hash = '';
beforeEach(() => {
  hash = String(Number(hash) + 1);
});

/** An attempt of some work at a time, whose lease lasts a minute. */
function attempt(owner: string, seconds = 0): Renders {
  return dynamodbRenders({
    client: new DynamoDBClient(fake.clientConfig),
    tableName: 'Renders',
    work: owner.split('/')[0] ?? '',
    owner,
    leaseSeconds: 60,
    keptSeconds: 1_000,
    now: () => new Date(seconds * 1_000),
    signal: new AbortController().signal,
  });
}

const documentOf = (version: string): Document => ({
  ...{ bucket: 'b', key: 'k', version, pages: 1, bytes: 1 },
  thumbnail: { key: 't', version },
});

it('of two tasks of one execution the later takes over, and it alone delivers, whichever is done first', async () => {
  const [first, second] = [attempt('execution/1'), attempt('execution/2')];
  expect(await first.claim(hash)).toEqual({ state: 'claimed' });
  expect(await second.claim(hash)).toEqual({ state: 'claimed' });
  expect(await first.finish(hash, documentOf('first'))).toBe(false);
  expect(await second.finish(hash, documentOf('second'))).toBe(true);
  expect(await first.finish(hash, documentOf('first'))).toBe(false);
  expect(await first.claim(hash)).toEqual({ state: 'done', document: documentOf('second') });
});

it('a task that was taken over releases nothing', async () => {
  const [first, second] = [attempt('execution/1'), attempt('execution/2')];
  await first.claim(hash);
  await second.claim(hash);
  await first.release(hash);
  expect(await second.finish(hash, documentOf('second'))).toBe(true);
});

it('other work waits for the lease, takes over after it, and begins at once after a release', async () => {
  await attempt('execution/1').claim(hash);
  expect(await attempt('message/1', 60).claim(hash)).toEqual({ state: 'busy', secondsLeft: 1 });
  expect(await attempt('message/1', 61).claim(hash)).toEqual({ state: 'claimed' });
  await attempt('message/1', 61).release(hash);
  expect(await attempt('execution/3', 61).claim(hash)).toEqual({ state: 'claimed' });
});

it('a name that begins like another is other work', async () => {
  await attempt('execution/1').claim(hash);
  expect(await attempt('exec/1').claim(hash)).toMatchObject({ state: 'busy' });
});

it('a finished document is there until it expires, though its item stays for days', async () => {
  await attempt('message/1').claim(hash);
  await attempt('message/1', 1).finish(hash, documentOf('1'));
  expect(await attempt('message/2', 1_000).claim(hash)).toEqual({ state: 'done', document: documentOf('1') });
  expect(await attempt('message/2', 1_002).claim(hash)).toEqual({ state: 'claimed' });
});
