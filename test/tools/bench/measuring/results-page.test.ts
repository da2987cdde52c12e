import { withSection } from '../../../../tools/bench/measuring/results-page';

const names = ['synth', 'tests', 'cold-start'];

test('sections stand in the order of the benches, whichever ran first', () => {
  const first = withSection(undefined, names, { name: 'tests', text: 'of tests' });
  const page = withSection(first, names, { name: 'synth', text: 'of synth' });
  expect(page.match(/^#.*/gm)).toEqual(['# Results of `npm run bench`', '## synth', '## tests']);
});

test('a bench that ran again replaces its own section and no other', () => {
  let page = withSection(undefined, names, { name: 'synth', text: 'old\n\n| a |\n| --- |' });
  page = withSection(page, names, { name: 'tests', text: '_line_\n\n### More\n\nkept' });
  const again = withSection(page, names, { name: 'synth', text: 'new' });
  expect(again).toContain('## synth\n\nnew\n');
  expect(again).not.toContain('old');
  expect(again).toContain('## tests\n\n_line_\n\n### More\n\nkept\n');
});

test('the same section once more changes nothing', () => {
  const page = withSection(undefined, names, { name: 'synth', text: 'a\n\nb' });
  expect(withSection(page, names, { name: 'synth', text: 'a\n\nb' })).toBe(page);
});

test('the section of a bench that is gone is dropped', () => {
  const page = withSection(undefined, [...names, 'gone'], { name: 'gone', text: 'x' });
  expect(withSection(page, names, { name: 'synth', text: 'y' })).not.toContain('gone');
});
