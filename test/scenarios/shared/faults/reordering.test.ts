import { interleaved, shuffled } from '../../../../scenarios/shared/faults/reordering';
import { seededRandom } from '../../../../tools/scenario-runner/random';

const rng = { random: seededRandom(1, 'reordering') };

test('shuffling loses nothing and repeats nothing', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const mixed = shuffled(rng, items);
  expect(mixed).not.toEqual(items);
  expect(mixed.toSorted((one, other) => one - other)).toEqual(items);
});

test('lanes mix, and each keeps its order', () => {
  const lanes = ['a', 'b', 'c'].map((name) => Array.from({ length: 9 }, (_, index) => `${name}${index}`));
  const mixed = interleaved(rng, lanes);
  expect(mixed).not.toEqual(lanes.flat());
  for (const lane of lanes) expect(mixed.filter((item) => lane.includes(item))).toEqual(lane);
  expect(mixed).toHaveLength(27);
});
