import type { TagStore, WriteFailure } from '../../../lambda/resource-tagger/tag-store';
import { tagAll } from '../../../lambda/resource-tagger/tagging';
import type { Tags } from '../../../lambda/resource-tagger/wanted-tags';

const time = new Date('2026-11-02T10:00:00Z');
const wanted = { by: 'me', at: 'now' };

function storeOf(existing: Readonly<Record<string, Tags>>, failures: readonly WriteFailure[] = []) {
  const written: [readonly string[], Tags][] = [];
  const store: TagStore = {
    holds: () => true,
    read: () => Promise.resolve(new Map(Object.entries(existing))),
    write: (arns, tags) => {
      written.push([arns, tags]);
      return Promise.resolve(failures.filter(({ arn }) => arns.includes(arn)));
    },
  };
  return { store, written };
}

const tag = (store: TagStore, arns: readonly string[], seconds = 10) =>
  tagAll(
    arns,
    { time },
    {
      stores: [store],
      wanted,
      requiredTags: ['by', 'team'],
      consistencyMilliseconds: 60_000,
      now: () => new Date(time.getTime() + seconds * 1_000),
    },
  );

it('writes only what a resource lacks, and nothing to one that has all', async () => {
  const { store, written } = storeOf({ b: { by: 'them' }, c: { by: 'x', at: 'y', team: 'blue' } });
  expect(await tag(store, ['a', 'b', 'c', 'a'])).toEqual([
    { arn: 'a', outcome: 'tagged', lacks: ['team'] },
    { arn: 'b', outcome: 'tagged', lacks: ['team'] },
    { arn: 'c', outcome: 'kept', lacks: [] },
  ]);
  expect(written).toEqual([
    [['a'], wanted],
    [['b'], { at: 'now' }],
  ]);
});

it.each([
  ['InvalidVolume.NotFound', '', 10, 'later', 'InvalidVolume.NotFound'],
  ['InvalidVolume.NotFound', '', 61, 'gone', undefined],
  ['NoSuchBucket', '', 61, 'gone', undefined],
  ['AWS.SimpleQueueService.NonExistentQueue', '', 61, 'gone', undefined],
  ['TagLimitExceeded', '', 10, 'refused', 'tag limit'],
  ['TooManyTagsException', '', 10, 'refused', 'tag limit'],
  ['TagPolicyViolation', '', 10, 'refused', 'tag policy'],
  ['InvalidParameterException', 'The tag policy does not allow it', 10, 'refused', 'tag policy'],
  ['InvalidParameterValue', 'Tag keys starting with aws: are reserved', 10, 'refused', 'InvalidParameterValue'],
  ['RequestLimitExceeded', '', 10, 'later', 'RequestLimitExceeded'],
  ['UnauthorizedOperation', '', 61, 'later', 'UnauthorizedOperation'],
])('%s %s after %i s: %s', async (name, message, seconds, outcome, reason) => {
  const { store } = storeOf({}, [{ arn: 'a', name, message }]);
  const [a, b] = await tag(store, ['a', 'b'], seconds);
  expect([a?.outcome, a?.reason, b?.outcome]).toEqual([outcome, reason, 'tagged']);
});

it('a resource without room for all tags is refused, and gets the first ones', async () => {
  const full = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`key-${index}`, 'x']));
  const { store, written } = storeOf({ a: full });
  expect(await tag(store, ['a'])).toMatchObject([{ outcome: 'refused', reason: 'tag limit' }]);
  expect(written).toEqual([[['a'], { by: 'me' }]]);
});
