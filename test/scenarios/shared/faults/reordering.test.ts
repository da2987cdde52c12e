import { interleaved, shuffled } from '../../../../scenarios/shared/faults/reordering';
import { seededRandom } from '../../../../tools/scenario-runner/random';

const rng = { random: seededRandom(1, 'reordering') };

test('shuffling loses nothing and repeats nothing', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const mixed = shuffled(rng, items);
  expect(mixed).not.toEqual(items);
  expect(mixed.toSorted((one, other) => one - other)).toEqual(items);
});

test('sequences interleave and each keeps its order', () => {
  const sequences = ['a', 'b', 'c'].map((name) => Array.from({ length: 9 }, (_, index) => `${name}${index}`));
  const mixed = interleaved(rng, sequences);
  expect(mixed).not.toEqual(sequences.flat());
  for (const sequence of sequences) expect(mixed.filter((item) => sequence.includes(item))).toEqual(sequence);
  expect(mixed).toHaveLength(27);
});
