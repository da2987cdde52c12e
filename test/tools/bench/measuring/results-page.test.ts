import { withSection } from '../../../../tools/bench/measuring/results-page';

const names = ['synth', 'tests', 'cold-start'];

test('sections are in the order of the benchmarks, whichever ran first', () => {
  const first = withSection(undefined, names, { name: 'tests', text: 'of tests' });
  const page = withSection(first, names, { name: 'synth', text: 'of synth' });
  expect(page.match(/^#.*/gm)).toEqual(['# Results of `npm run bench`', '## synth', '## tests']);
});

test('a benchmark replaces only its own section', () => {
  let page = withSection(undefined, names, { name: 'synth', text: 'old\n\n| a |\n| --- |' });
  page = withSection(page, names, { name: 'tests', text: '_line_\n\n### More\n\nkept' });
  const again = withSection(page, names, { name: 'synth', text: 'new' });
  expect(again).toContain('## synth\n\nnew\n');
  expect(again).not.toContain('old');
  expect(again).toContain('## tests\n\n_line_\n\n### More\n\nkept\n');
});

test('writing the same section again changes nothing', () => {
  const page = withSection(undefined, names, { name: 'synth', text: 'a\n\nb' });
  expect(withSection(page, names, { name: 'synth', text: 'a\n\nb' })).toBe(page);
});

test('drops the section of a removed benchmark', () => {
  const page = withSection(undefined, [...names, 'gone'], { name: 'gone', text: 'x' });
  expect(withSection(page, names, { name: 'synth', text: 'y' })).not.toContain('gone');
});
