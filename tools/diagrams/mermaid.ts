import { linksTo, pagesOf, type Pages } from '../docs/pages';
import type { Diagram, Node, Shape } from './diagram';

const brackets: Readonly<Record<Shape, readonly [string, string]>> = {
  function: ['["', '"]'],
  store: ['[("', '")]'],
  database: ['[("', '")]'],
  queue: ['[/"', '"/]'],
  topic: ['(["', '"])'],
  machine: ['[["', '"]]'],
  clock: ['(("', '"))'],
};

/** A flowchart for GitHub; a failure's way is dotted, and a node tells how many alarms watch it. */
export function mermaid({ nodes, edges }: Diagram): string {
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${node.id}${labelled(node)}`),
    ...edges.map(({ from, to, onFailure }) => `  ${from} ${onFailure ? '-.->' : '-->'} ${to}`),
  ].join('\n');
}

function labelled({ name, shape, alarms }: Node): string {
  const [open, close] = brackets[shape];
  const watched = alarms === 0 ? '' : `<br/>${alarms} alarm${alarms === 1 ? '' : 's'}`;
  return `${open}${name}${watched}${close}`;
}

/** `docs/diagrams/`: every architecture as its template has it. */
export function diagramPages(drawn: readonly { readonly slug: string; readonly diagram: Diagram }[]): Pages {
  return pagesOf({
    kind: 'diagrams',
    index: [
      '# Diagrams',
      '',
      'Drawn by `npm run docs` from the synthesized templates: what invokes, reads, writes and sends to what, as event sources and',
      'permissions have it. Dotted arrows: failure path. Alarms are counted at the resource that they watch. The alarm topic, logs and',
      'keys are left out. The README of each architecture has a drawing made by hand that gives the reasons.',
      '',
      ...linksTo(drawn),
    ],
    architectures: drawn.map(({ slug, diagram }) => ({ slug, lines: ['```mermaid', mermaid(diagram), '```'] })),
  });
}
