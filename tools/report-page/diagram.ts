import { noteOf, stepHeight } from '../diagrams/layout';
import type { DiagramReport } from '../local/run-report';
import { markup, type Markup } from './markup';

type Node = DiagramReport['nodes'][number];
type Edge = DiagramReport['edges'][number];

/**
 * SVG of an architecture in the colors of the page.
 *
 * @param anchor of the architecture's section, a prefix of ids that must be unique on the page
 */
export function diagramFigure(slug: string, anchor: string, diagram: DiagramReport): Markup {
  const { width, height, nodes, edges } = diagram;
  const id = `${anchor}-diagram`;
  // Nodes are drawn last, above the lines.
  return markup`<h3>Diagram</h3>
<div class="diagram" role="region" aria-label="Diagram of ${slug}" tabindex="0">
<svg role="img" aria-labelledby="${id}-title" aria-describedby="${id}-text" viewBox="-2 -2 ${width + 4} ${height + 4}" style="--width:${width}px">
<title id="${id}-title">${slug}: resources and data flow</title>
<desc id="${id}-text">${inWords(diagram)}</desc>
${edges.map((edge) => drawnEdge(edge))}${nodes.map((node) => drawnNode(node))}</svg>
</div>
<p class="note"><small>Dashed arrows: failure path. Thin arrows: reads. Functions that a state machine invokes are listed in it, and its arrows are theirs too. Logs, keys and the alarm topic are omitted.</small></p>
`;
}

/** @param mark class that distinguishes it from others of its kind */
export function drawnEdge({ line, arrow, kind }: Edge, mark = ''): Markup {
  return markup`<g class="edge ${kind}${mark}"><path class="line" d="${line}"/><path class="arrow" d="${arrow}"/></g>
`;
}

/** @param mark class that distinguishes it from others of its shape */
export function drawnNode(node: Node, mark = ''): Markup {
  const { name, shape, steps } = node;
  // Right of a queue's bars.
  const x = node.x + (shape === 'queue' ? 6 : 0);
  // A cylinder's lid takes space at the top.
  const y = node.y - (steps.length * stepHeight) / 2 + (shape === 'store' || shape === 'database' ? 3 : 0);
  const lines = steps.map(
    (step, index) => markup`<text class="kind" x="${x}" y="${y + 14 + (index + 1) * stepHeight}">${step}</text>`,
  );
  return markup`<g class="node ${shape}${mark}">${outline(node)}<text x="${x}" y="${y - 3}">${name}</text><text class="kind" x="${x}" y="${y + 14}">${noteOf(node)}</text>${lines}</g>
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
    case 'bus':
    case 'clock':
      return box(height / 2);
    case 'rule':
      return hexagon(left, top, width, height);
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

function hexagon(left: number, top: number, width: number, height: number): Markup {
  const [tip, half] = [12, height / 2];
  return markup`<path d="M${left},${top + half}l${tip},${-half}h${width - 2 * tip}l${tip},${half}l${-tip},${half}h${2 * tip - width}Z"/>`;
}

/** Description for screen readers: a sentence for each node and kind of edge. */
function inWords({ nodes, edges }: DiagramReport): string {
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  const sentences = nodes.flatMap(({ id, name, service, steps }) => {
    const targets = (kind: string): string =>
      edges
        .filter((edge) => edge.from === id && edge.kind === kind)
        .map(({ to }) => nameOf(to))
        .join(', ');
    const [data, failure, read] = ['data', 'failure', 'read'].map(targets);
    return [
      ...(steps.length > 0 ? [`${name} (${service}) invokes ${steps.join(', ')}.`] : []),
      ...(data ? [`${name} (${service}) leads to ${data}.`] : []),
      ...(read ? [`${name} (${service}) is read by ${read}.`] : []),
      ...(failure ? [`Failures of ${name} go to ${failure}.`] : []),
    ];
  });
  return sentences.join(' ');
}
