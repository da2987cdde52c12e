import type { MachineReport } from '../local/run-report';
import type { CheckReport } from '../scenario-runner/scenario-report';
import { drawnEdge, drawnNode } from './diagram';
import { plural } from './format';
import { markup, type Markup } from './markup';
import { checkAnchor } from './results';

/** Paths of a check's executions, each drawn in its state machine; one is open at a time. */
export function pathFigures(check: CheckReport, machines: readonly MachineReport[]): Markup | undefined {
  const { paths = [] } = check;
  if (paths.length === 0) return undefined;
  const group = `${checkAnchor(check)}-path`;
  const figures = paths.map(({ title, states }, index) => {
    const machine = machines.find(({ drawing }) => drawing.nodes.some(({ id }) => id === states[0]));
    const last = states.at(-1);
    return markup`<details name="${group}"><summary>${title}${last !== undefined && markup` <small>${plural(states.length, 'state')}, last: ${last}</small>`}</summary>
${machine === undefined ? inWords(states) : drawnPath(machine, states, `${group}-${index}`)}</details>
`;
  });
  return markup`<section class="paths"><h5>Paths through the state machine</h5>
${figures}</section>`;
}

function drawnPath({ name, drawing }: MachineReport, states: readonly string[], id: string): Markup {
  const { width, height, nodes, edges } = drawing;
  const entered = new Set(states);
  const taken = new Set(states.slice(1).map((state, index) => `${states[index] ?? ''} -> ${state}`));
  const isTaken = ({ from, to }: (typeof edges)[number]): boolean => taken.has(`${from} -> ${to}`);
  const inOrder = edges.toSorted((one, other) => Number(isTaken(one)) - Number(isTaken(other)));
  return markup`<div class="diagram path" role="region" aria-label="Path through ${name}" tabindex="0">
<svg role="img" aria-labelledby="${id}-title" aria-describedby="${id}-text" viewBox="-2 -2 ${width + 4} ${height + 4}" style="--width:${width}px">
<title id="${id}-title">Path through ${name}</title>
<desc id="${id}-text">${states.join(', then ')}.</desc>
${inOrder.map((edge) => drawnEdge(edge, isTaken(edge) ? ' taken' : ''))}${nodes.map((node) => drawnNode(node, entered.has(node.id) ? ' taken' : ''))}</svg>
</div>
`;
}

function inWords(states: readonly string[]): Markup {
  return markup`<p>${states.join(' → ')}</p>`;
}
