import type { Diagram, Node } from './diagram';
import type { Edge } from './edges';

/** Node with its center and size, in pixels from the top left. */
export interface PlacedNode extends Node {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge extends Edge {
  /** SVG path data of the line, up to its arrow. */
  readonly line: string;
  /** SVG path data of the arrow. */
  readonly arrow: string;
}

/** Diagram with coordinates in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Returns Graphviz's JSON with coordinates for a graph in its language. @throws Error of Graphviz */
export type Graphviz = (dot: string) => string;

/** Loads Graphviz as WebAssembly: half a second, then tens of milliseconds for a diagram. */
export async function loadGraphviz(): Promise<Graphviz> {
  const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
  const graphviz = await Graphviz.load();
  return (dot) => graphviz.layout(dot, 'json', 'dot');
}

/** Widest drawing that is readable without scrolling, in pixels. */
const widest = 1_000;

/** Lays out a diagram from left to right if that fits a page, otherwise from top to bottom if that is narrower. */
export function layOut(diagram: Diagram, graphviz: Graphviz): Layout {
  const right = layOutTowards('LR', diagram, graphviz);
  if (right.width <= widest) return right;
  const down = layOutDown(diagram, graphviz);
  return down.width < right.width ? down : right;
}

/** Lays out a diagram from top to bottom. */
export function layOutDown(diagram: Diagram, graphviz: Graphviz): Layout {
  return layOutTowards('TB', diagram, graphviz);
}

function layOutTowards(direction: Direction, diagram: Diagram, graphviz: Graphviz): Layout {
  return placed(diagram, JSON.parse(graphviz(dotOf(diagram, direction))) as Graph);
}

type Direction = 'LR' | 'TB';

/** Graphviz measures in points of 1/72 inch from the bottom left; a point is a pixel here. */
const pointsAnInch = 72;

/** Height of a node without steps, and of each step. */
const height = 50;
export const stepHeight = 17;

function heightOf({ steps }: Node): number {
  return height + steps.length * stepHeight;
}

/** Room that an outline takes beside the text: the tips of a hexagon, the bars of a queue. */
const outlineWidths: Partial<Record<Node['shape'], number>> = { rule: 30, queue: 26 };

/** Wide enough for the longest line in the font of any system. */
function widthOf(node: Node): number {
  const small = [noteOf(node), ...node.steps].map((text) => text.length * 6.6);
  return Math.max(96, node.name.length * 8, ...small) + (outlineWidths[node.shape] ?? 18);
}

/** Line below the name: `SQS · 2 alarms`. */
export function noteOf({ service, alarms }: Node): string {
  return alarms === 0 ? service : `${service} · ${alarms} alarm${alarms === 1 ? '' : 's'}`;
}

/** Graph in Graphviz's language, with nodes in the order of the data: in a cycle, Graphviz starts with the first node. */
export function dotOf(diagram: Diagram, direction: Direction): string {
  return [
    'digraph {',
    `rankdir=${direction} nodesep=0.14 ranksep=0.42`,
    'node [shape=box fixedsize=true label=""]',
    ...inOrder(diagram).map((node) => `"${node.id}" [width=${inches(widthOf(node))} height=${inches(heightOf(node))}]`),
    ...diagram.edges.map(({ from, to, kind }) => `"${from}" -> "${to}"${kind === 'read' ? ' [weight=0]' : ''}`),
    '}',
  ].join('\n');
}

/** Sources first, then what has a failure path (a queue with dead letters is upstream of its redrive), then the rest. */
function inOrder({ nodes, edges }: Diagram): Node[] {
  const has = (wanted: (edge: Edge) => boolean): boolean => edges.some(wanted);
  const rank = ({ id }: Node): number => {
    const isSource = has(({ from, kind }) => from === id && kind !== 'read') && !has(({ to }) => to === id);
    if (isSource) return 0;
    return has(({ from, kind }) => from === id && kind === 'failure') ? 1 : 2;
  };
  return nodes.toSorted((one, other) => rank(one) - rank(other));
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
        .map((node) => ({ ...node, x, y, width: round(widthOf(node)), height: heightOf(node) }));
    }),
    edges: graph.edges.flatMap(({ head, tail, pos }) =>
      edges
        .filter(({ from, to }) => from === nameOf(tail) && to === nameOf(head))
        .map((edge) => ({ ...edge, ...drawn(pos, pointOf) })),
    ),
  };
}

/** Converts a spline `e,<tip> <start> <control> <control> <point> …`; the arrow goes from its last point to the tip. */
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
