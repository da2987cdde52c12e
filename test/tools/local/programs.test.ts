import { withoutMissingPrograms } from '../../../tools/local/programs';
import type { Scenario } from '../../../scenarios/shared/scenario';

const variants = [
  { name: 'plain', settings: {}, proofs: [] },
  { name: 'mysql', settings: {}, proofs: [], needsProgram: 'mariadbd' },
];
const scenario = { slug: 'records', variants } as unknown as Scenario;

it.each([
  [true, ['plain', 'mysql'], []],
  [false, ['plain'], ['skipped variant mysql of records: mariadbd is not on the PATH']],
])('where the program is there: %s, the variants are %j', (has, names, expected) => {
  const lines: string[] = [];
  const [left] = withoutMissingPrograms(
    [scenario],
    (text) => lines.push(text),
    () => has,
  );
  expect(left?.variants?.map(({ name }) => name)).toEqual(names);
  expect(lines).toEqual(expected);
});
