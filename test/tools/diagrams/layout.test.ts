import type { Diagram } from '../../../tools/diagrams/diagram';
import { dotOf, layOut } from '../../../tools/diagrams/layout';

const diagram: Diagram = {
  nodes: [
    { id: 'Dead', name: 'Dead', shape: 'queue', alarms: 2 },
    { id: 'Orders', name: 'Orders', shape: 'queue', alarms: 0 },
  ],
  edges: [{ from: 'Orders', to: 'Dead', onFailure: true }],
};

/** What Graphviz answers, with a drawing as wide as is asked for. */
const graphviz = (wide: number, narrow: number) => (dot: string) =>
  JSON.stringify({
    bb: `0,0,${dot.includes('rankdir=LR') ? wide : narrow},50`,
    objects: [
      { name: 'Orders', pos: '62,25' },
      { name: 'Dead', pos: '220,40' },
    ],
    edges: [{ tail: 0, head: 1, pos: 'e,160,25 124,25 134,25 142,25 150,25' }],
  });

it('what nothing leads to is told first, so that a drawing begins there', () => {
  const dot = dotOf(diagram, 'LR');
  expect(dot.indexOf('"Orders" [')).toBeLessThan(dot.indexOf('"Dead" ['));
  expect(dot).toContain('"Orders" -> "Dead"');
});

it('places count from the top, where Graphviz counts from the bottom', () => {
  const { nodes, edges } = layOut(diagram, graphviz(300, 200));
  expect(nodes).toEqual([
    { ...diagram.nodes[1], x: 62, y: 25, width: 124, height: 50 },
    { ...diagram.nodes[0], x: 220, y: 10, width: 133.6, height: 50 },
  ]);
  expect(edges[0]).toEqual({
    ...diagram.edges[0],
    line: 'M124,25C134,25 142,25 150,25',
    arrow: 'M160,25L150,29L150,21Z',
  });
});

it.each([
  ['goes from left to right where that fits the page', 1_136, 200, 1_136],
  ['goes down where it would not, and that is narrower', 1_137, 900, 900],
  ['stays as it is where down is wider still', 1_500, 1_600, 1_500],
])('a drawing %s', (_promise, wide, narrow, width) => {
  expect(layOut(diagram, graphviz(wide, narrow)).width).toBe(width);
});
