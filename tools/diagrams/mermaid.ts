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

/** `docs/diagrams.md`: every architecture as its template has it. */
export function diagramsPage(drawn: readonly { readonly slug: string; readonly diagram: Diagram }[]): string {
  return [
    '# Diagrams',
    '',
    'Drawn by `npm run diagrams` from the synthesized templates: what invokes, reads, writes and sends to what, as wiring and',
    'permissions have it. Dotted is the way of a failure. Alarms are counted at what they watch; all of them lead to the alarm',
    'topic, which is left out, as are logs and keys. The README of each architecture has a drawing made by hand, with the why.',
    ...drawn.flatMap(({ slug, diagram }) => ['', `## ${slug}`, '', '```mermaid', mermaid(diagram), '```']),
    '',
  ].join('\n');
}
