import { medianOf, rounded, table } from '../../../../tools/bench/measuring/section';

test.each([
  [0.914, '0.91'],
  [12.44, '12.4'],
  [427.3, '427'],
  [213_362, '213,362'],
  [7, '7'],
  [Number.NaN, '–'],
])('%p is shown as %p', (value, text) => expect(rounded(value)).toBe(text));

test('a table has rounded numbers, aligned to the right', () => {
  expect(table(['way', 'ratio'], [['ours', 1.046]])).toBe('| way | ratio |\n| --- | ---: |\n| ours | 1.05 |');
});

test('the median is of the requested value, and NaN without samples', () => {
  const samples = [{ wall: 9 }, { wall: 1 }, { wall: 2 }];
  expect(medianOf(samples, ({ wall }) => wall)).toBe(2);
  expect(medianOf([], () => 1)).toBeNaN();
});
