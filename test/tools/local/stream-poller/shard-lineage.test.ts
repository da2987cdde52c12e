import { readableShards } from '../../../../tools/local/stream-poller/shard-lineage';

const shards = [
  { id: 'parent', parents: [] },
  { id: 'other', parents: [] },
  { id: 'left', parents: ['parent'] },
  { id: 'merged', parents: ['left', 'other'] },
];

const readable = (reading: string[], finished: string[]) =>
  readableShards(shards, { isReading: (id) => reading.includes(id), isFinished: (id) => finished.includes(id) }).map(
    ({ id }) => id,
  );

it('a shard that was split is read to its end before those it was split into', () => {
  expect(readable([], [])).toEqual(['parent', 'other']);
  expect(readable(['parent', 'other'], [])).toEqual([]);
  expect(readable(['other'], ['parent'])).toEqual(['left']);
});

it('a merged shard is read once both of its parents are finished', () => {
  expect(readable([], ['parent', 'left'])).toEqual(['other']);
  expect(readable([], ['parent', 'left', 'other'])).toEqual(['merged']);
});
