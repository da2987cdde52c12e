import type { Diagram, Edge, Node } from './diagram';

/** A node and where it stands: its centre and size, in pixels from the top left. */
export interface PlacedNode extends Node {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge extends Edge {
  /** SVG path data: the line, up to its arrow. */
  readonly line: string;
  /** SVG path data of the arrow. */
  readonly arrow: string;
}

/** A diagram with its places, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Graphviz's description of a graph in, its JSON with places out; gives what is wrong as an Error. */
export type Graphviz = (dot: string) => string;

/** WebAssembly in the package itself: half a second to load, tens of milliseconds for a diagram. */
export async function loadGraphviz(): Promise<Graphviz> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const graphviz = await Graphviz.load();
  return (dot) => graphviz.layout(dot, 'json', 'dot');
}

/** What a page shows without scrolling. */
const roomyWidth = 1_136;

/** From left to right where that fits a page, from top to bottom where that is narrower. */
export function layOut(diagram: Diagram, graphviz: Graphviz): Layout {
  const towards = (direction: Direction): Layout =>
    placed(diagram, JSON.parse(graphviz(dotOf(diagram, direction))) as Graph);
  const right = towards('LR');
  if (right.width <= roomyWidth) return right;
  const down = towards('TB');
  return down.width < right.width ? down : right;
}

type Direction = 'LR' | 'TB';

/** Graphviz counts in points of 1/72 inch from the bottom left; one is a pixel here. */
const pointsAnInch = 72;
const height = 50;

/** Wide enough for the name and what stands below it, in any system's font. */
function widthOf(node: Node): number {
  return Math.max(96, node.name.length * 8, noteOf(node).length * 6.6) + 28;
}

/** What stands below the name: `queue · 2 alarms`. */
export function noteOf({ shape, alarms }: Node): string {
  const kind = shape === 'clock' ? 'schedule' : shape === 'machine' ? 'state machine' : shape;
  return alarms === 0 ? kind : `${kind} · ${alarms} alarm${alarms === 1 ? '' : 's'}`;
}

/** Nodes that nothing leads to come first: where there are cycles, Graphviz starts with what it is told first. */
export function dotOf({ nodes, edges }: Diagram, direction: Direction): string {
  const isSource = ({ id }: Node): boolean => !edges.some(({ to }) => to === id);
  const ordered = [...nodes.filter(isSource), ...nodes.filter((node) => !isSource(node))];
  return [
    'digraph {',
    `rankdir=${direction} nodesep=0.25 ranksep=0.5`,
    `node [shape=box fixedsize=true label="" height=${inches(height)}]`,
    ...ordered.map((node) => `"${node.id}" [width=${inches(widthOf(node))}]`),
    ...edges.map(({ from, to }) => `"${from}" -> "${to}"`),
    '}',
  ].join('\n');
}

function inches(pixels: number): string {
  return (pixels / pointsAnInch).toFixed(3);
}

interface Graph {
  readonly bb: string;
  readonly objects: readonly { readonly name: string; readonly pos: string }[];
  readonly edges: readonly { readonly head: number; readonly tail: number; readonly pos: string }[];
}

type Point = readonly [x: number, y: number];

function placed({ nodes, edges }: Diagram, graph: Graph): Layout {
  const [, , width = 0, top = 0] = graph.bb.split(',').map(Number);
  const pointOf = (text: string): Point => {
    const [x = 0, y = 0] = text.split(',').map(Number);
    return [round(x), round(top - y)];
  };
  const nameOf = (index: number): string => graph.objects[index]?.name ?? '';
  return {
    width: Math.ceil(width),
    height: Math.ceil(top),
    nodes: graph.objects.flatMap(({ name, pos }) => {
      const [x, y] = pointOf(pos);
      return nodes
        .filter(({ id }) => id === name)
        .map((node) => ({ ...node, x, y, width: round(widthOf(node)), height }));
    }),
    edges: graph.edges.flatMap(({ head, tail, pos }) =>
      edges
        .filter(({ from, to }) => from === nameOf(tail) && to === nameOf(head))
        .map((edge) => ({ ...edge, ...drawn(pos, pointOf) })),
    ),
  };
}

/** A spline is `e,<tip> <start> <control> <control> <point> …`; the arrow goes from its last point to the tip. */
function drawn(pos: string, pointOf: (text: string) => Point): { line: string; arrow: string } {
  const [first = '', ...rest] = pos.split(' ');
  const tip = pointOf(first.replace(/^e,/, ''));
  const [start = tip, ...curve] = rest.map(pointOf);
  const end = curve.at(-1) ?? start;
  const [dx, dy] = [tip[0] - end[0], tip[1] - end[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [across, along] = [(-dy / length) * 4, (dx / length) * 4];
  const corners = [
    tip,
    [round(end[0] + across), round(end[1] + along)],
    [round(end[0] - across), round(end[1] - along)],
  ];
  return {
    line: `M${start.join(',')}C${curve.map((point) => point.join(',')).join(' ')}`,
    arrow: `M${corners.join('L')}Z`,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
