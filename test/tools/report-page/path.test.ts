import { pathFigures } from '../../../tools/report-page/path';
import { passingReport } from '../local/sample-report';
import { sampleFacts } from '../local/sample-facts';

const { diagram } = sampleFacts();
const [check] = passingReport().scenarios?.checks ?? [];
if (check === undefined) throw new Error('the sample has no check');
const [edge] = diagram.edges;
const states = [edge?.from ?? '', edge?.to ?? ''];
const drawn = (paths: { title: string; states: string[] }[]) =>
  pathFigures({ ...check, paths }, [{ name: 'Machine', drawing: diagram }])?.text ?? '';

test('a path is drawn in its state machine: states and transitions are distinct, in words too', () => {
  const html = drawn([{ title: 'a small order', states }]);
  expect(html.match(/class="node \w+ taken"/g)).toHaveLength(2);
  expect(html.match(/class="edge \w+ taken"/g)).toHaveLength(1);
  expect(html.match(/class="node /g)).toHaveLength(diagram.nodes.length);
  expect(html).toContain(`${states.join(', then ')}.</desc>`);
  expect(html).toContain(`2 states, last: ${states[1] ?? ''}`);
});

test('paths of one check are one group, with ids of their own', () => {
  const html = drawn([
    { title: 'one', states },
    { title: 'other', states },
  ]);
  expect(new Set(html.match(/<details name="[^"]+"/g)).size).toBe(1);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a path through a state machine that was not deployed is words', () => {
  expect(drawn([{ title: 'elsewhere', states: ['Begin', 'End'] }])).toContain('<p>Begin → End</p>');
});

test('a check without paths has no section', () => {
  expect(pathFigures(check, [])).toBeUndefined();
});
