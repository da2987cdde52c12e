import { noteOf } from '../diagrams/layout';
import type { DiagramReport } from '../local/run-report';
import { markup, type Markup } from './markup';

type Node = DiagramReport['nodes'][number];

/**
 * An architecture as its template has it, in SVG; colors are those of the page.
 *
 * @param anchor of the architecture's section, for ids that the page has once
 */
export function diagramFigure(slug: string, anchor: string, diagram: DiagramReport): Markup {
  const { width, height, nodes, edges } = diagram;
  const id = `${anchor}-diagram`;
  // A line that is drawn last hides nothing: nodes lie above all of them.
  return markup`<h3>Diagram</h3>
<p class="note" id="${id}-note">Drawn from the template of this run. Dashed is the way of a failure; logs, keys and the alarm topic are left out.</p>
<div class="diagram" role="region" aria-label="Diagram of ${slug}" tabindex="0">
<svg role="img" aria-labelledby="${id}-title" aria-describedby="${id}-text" viewBox="-2 -2 ${width + 4} ${height + 4}" style="--width:${width}px">
<title id="${id}-title">${slug}: what leads to what</title>
<desc id="${id}-text">${inWords(diagram)}</desc>
${edges.map(
  ({
    line,
    arrow,
    onFailure,
  }) => markup`<g class="${onFailure ? 'edge failure' : 'edge'}"><path class="line" d="${line}"/><path class="arrow" d="${arrow}"/></g>
`,
)}${nodes.map(station)}</svg>
</div>
`;
}

function station(node: Node): Markup {
  const { x, name, shape } = node;
  // Below the lid of a cylinder.
  const y = node.y + (shape === 'store' || shape === 'database' ? 3 : 0);
  return markup`<g class="node ${shape}">${outline(node)}<text x="${x}" y="${y - 3}">${name}</text><text class="kind" x="${x}" y="${y + 14}">${noteOf(node)}</text></g>
`;
}

function outline({ x, y, width, height, shape }: Node): Markup {
  const [left, top] = [x - width / 2, y - height / 2];
  const box = (radius: number, inset = 0): Markup =>
    markup`<rect x="${left + inset}" y="${top}" width="${width - 2 * inset}" height="${height}" rx="${radius}"/>`;
  switch (shape) {
    case 'function':
      return box(8);
    case 'topic':
    case 'clock':
      return box(height / 2);
    case 'machine':
      return markup`${box(2)}${box(0, 6)}`;
    case 'queue':
      return markup`${box(2)}<path d="M${left + 7},${top}v${height}M${left + 12},${top}v${height}"/>`;
    case 'store':
    case 'database':
      return cylinder(left, top, width, height);
  }
}

function cylinder(left: number, top: number, width: number, height: number): Markup {
  const [half, lid] = [width / 2, 5];
  const over = `a${half},${lid} 0 0 1 ${width},0`;
  const under = `a${half},${lid} 0 0 1 ${-width},0`;
  return markup`<path d="M${left},${top + lid}${over}v${height - 2 * lid}${under}Z"/><path d="M${left},${top + lid}a${half},${lid} 0 0 0 ${width},0"/>`;
}

/** The drawing for those who cannot see it: from what to what, one sentence for what leads somewhere. */
function inWords({ nodes, edges }: DiagramReport): string {
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  const sentences = nodes.flatMap(({ id, name }) => {
    const ways = edges.filter(({ from }) => from === id);
    const [failing, data] = [true, false].map((onFailure) =>
      ways.filter((way) => way.onFailure === onFailure).map(({ to }) => nameOf(to)),
    );
    return [
      ...(data?.length ? [`${name} leads to ${data.join(', ')}.`] : []),
      ...(failing?.length ? [`What fails at ${name} goes to ${failing.join(', ')}.`] : []),
    ];
  });
  return sentences.join(' ');
}
