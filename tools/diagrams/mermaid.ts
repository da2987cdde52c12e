import { linksTo, pagesOf, type Pages } from '../docs/pages';
import type { Diagram, Node, Shape } from './diagram';
import { noteOf } from './layout';

const brackets: Readonly<Record<Shape, readonly [string, string]>> = {
  function: ['["', '"]'],
  store: ['[("', '")]'],
  database: ['[("', '")]'],
  queue: ['[/"', '"/]'],
  topic: ['(["', '"])'],
  bus: ['(["', '"])'],
  rule: ['{{"', '"}}'],
  machine: ['[["', '"]]'],
  clock: ['(("', '"))'],
};

/** Flowchart for GitHub: failure paths are dotted, reads are thin. */
export function mermaid({ nodes, edges }: Diagram): string {
  const reads = edges.flatMap(({ kind }, index) => (kind === 'read' ? [index] : []));
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${node.id}${labeled(node)}`),
    ...edges.map(({ from, to, kind }) => `  ${from} ${kind === 'failure' ? '-.->' : '-->'} ${to}`),
    ...(reads.length === 0 ? [] : [`  linkStyle ${reads.join(',')} stroke:#999,stroke-width:1px`]),
  ].join('\n');
}

function labeled(node: Node): string {
  const [open, close] = brackets[node.shape];
  return `${open}${[`<b>${node.name}</b>`, noteOf(node), ...node.steps].join('<br/>')}${close}`;
}

/** `docs/diagrams/`: every architecture as its template has it. */
export function diagramPages(drawn: readonly { readonly slug: string; readonly diagram: Diagram }[]): Pages {
  return pagesOf({
    kind: 'diagrams',
    index: [
      '# Diagrams',
      '',
      'Drawn by `npm run docs` from the synthesized templates: what invokes, reads, writes and sends to what, as event sources and',
      'permissions have it. Dotted arrows: failure path. Thin arrows: reads. Functions that a state machine invokes are listed in it, and',
      'its arrows are theirs too. Alarms are counted at the resource that they watch. The alarm topic, logs and keys are left out. The README of each architecture has a drawing made by hand that gives the reasons.',
      '',
      ...linksTo(drawn),
    ],
    architectures: drawn.map(({ slug, diagram }) => ({ slug, lines: ['```mermaid', mermaid(diagram), '```'] })),
  });
}
