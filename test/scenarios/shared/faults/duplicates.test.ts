import { repeats } from '../../../../scenarios/shared/faults/duplicates';
import { seededRandom } from '../../../../tools/scenario-runner/random';

const items = Array.from({ length: 100 }, (_, index) => index);

test('a share of the items is repeated one to three times', () => {
  const again = repeats({ random: seededRandom(7, 'duplicates') }, items, 0.2);
  const times = [...new Set(again)].map((item) => again.filter((one) => one === item).length);
  expect(times).toHaveLength(20);
  expect(new Set(times)).toEqual(new Set([1, 2, 3]));
});

test('the same seed repeats the same items', () => {
  const [one, other, another] = [7, 7, 8].map((seed) => repeats({ random: seededRandom(seed, 'duplicates') }, items));
  expect(one).toEqual(other);
  expect(one).not.toEqual(another);
});
