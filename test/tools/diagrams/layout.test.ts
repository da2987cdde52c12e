import type { Diagram } from '../../../tools/diagrams/diagram';
import { dotOf, layOut } from '../../../tools/diagrams/layout';

const diagram: Diagram = {
  nodes: [
    { id: 'Dead', name: 'Dead', shape: 'queue', service: 'SQS', alarms: 2, steps: [] },
    {
      id: 'Orders',
      name: 'Orders',
      shape: 'machine',
      service: 'Step Functions',
      alarms: 0,
      steps: ['TakeOrder', 'ShipOrder'],
    },
  ],
  edges: [{ from: 'Orders', to: 'Dead', kind: 'failure' }],
};

/** Fake Graphviz that returns a drawing of the given width for each direction. */
const graphviz = (wide: number, narrow: number) => (dot: string) =>
  JSON.stringify({
    bb: `0,0,${dot.includes('rankdir=LR') ? wide : narrow},50`,
    objects: [
      { name: 'Orders', pos: '62,25' },
      { name: 'Dead', pos: '220,40' },
    ],
    edges: [{ tail: 0, head: 1, pos: 'e,160,25 124,25 134,25 142,25 150,25' }],
  });

it('lists sources first, so that a drawing starts there', () => {
  const dot = dotOf(diagram, 'LR');
  expect(dot.indexOf('"Orders" [')).toBeLessThan(dot.indexOf('"Dead" ['));
  expect(dot).toContain('"Orders" -> "Dead"');
});

it('measures from the top, and makes room for the steps of a state machine', () => {
  const { nodes, edges } = layOut(diagram, graphviz(300, 200));
  expect(nodes).toEqual([
    { ...diagram.nodes[1], x: 62, y: 25, width: 114, height: 84 },
    { ...diagram.nodes[0], x: 220, y: 10, width: 122, height: 50 },
  ]);
  expect(edges[0]).toEqual({
    ...diagram.edges[0],
    line: 'M124,25C134,25 142,25 150,25',
    arrow: 'M160,25L150,29L150,21Z',
  });
});

it.each([
  ['goes from left to right if that fits the page', 1_000, 200, 1_000],
  ['goes from top to bottom if that is narrower', 1_001, 900, 900],
  ['goes from left to right if the other direction is wider', 1_500, 1_600, 1_500],
])('a drawing %s', (_promise, wide, narrow, width) => {
  expect(layOut(diagram, graphviz(wide, narrow)).width).toBe(width);
});
