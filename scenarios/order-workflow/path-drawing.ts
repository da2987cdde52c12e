import sharp from 'sharp';
import { transitionsAlong, type StateMachine } from './state-machine';

const box = { width: 250, height: 26, gapX: 30, gapY: 34 } as const;

/** PNG of the state machine, row by row from its start, with the path of one order highlighted. */
export function drawPath(stateMachine: StateMachine, path: readonly string[]): Promise<Buffer> {
  return sharp(Buffer.from(renderSvg(stateMachine, path)))
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer();
}

function renderSvg(stateMachine: StateMachine, path: readonly string[]): string {
  const positions = layOut(stateMachine);
  const taken = new Set(transitionsAlong(path));
  const rows = Math.max(...[...positions.values()].map(({ row }) => row)) + 1;
  const columns = Math.max(...[...positions.values()].map(({ column }) => column)) + 1;
  const width = columns * (box.width + box.gapX);
  const height = rows * (box.height + box.gapY);
  // The path is drawn last, above all other lines.
  const transitions = [...stateMachine.transitions].sort(
    (one, other) => Number(taken.has(one)) - Number(taken.has(other)),
  );
  const lines = transitions.map((transition) => {
    const [from = '', to = ''] = transition.split(' -> ');
    const [start, end] = [positions.get(from), positions.get(to)];
    if (start === undefined || end === undefined) return '';
    const [x1, y1, x2, y2] = [start.x + box.width / 2, start.y + box.height, end.x + box.width / 2, end.y];
    const stroke = taken.has(transition) ? 'stroke="#0a7d33" stroke-width="3"' : 'stroke="#c4c8cc" stroke-width="1"';
    return `<path d="M${x1} ${y1} C${x1} ${y1 + 24} ${x2} ${y2 - 24} ${x2} ${y2}" fill="none" ${stroke}/>`;
  });
  const boxes = [...positions].map(([name, { x, y }]) => {
    const fill = path.includes(name) ? 'fill="#d7f2df" stroke="#0a7d33"' : 'fill="#f3f4f6" stroke="#9aa0a6"';
    const text = `<text x="${x + box.width / 2}" y="${y + 17}" text-anchor="middle">${name}</text>`;
    return `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="5" ${fill}/>${text}`;
  });
  const style = 'font-family="sans-serif" font-size="12" fill="#1f2328"';
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><g ${style}>${lines.join('')}${boxes.join('')}</g></svg>`;
}

interface Position {
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

/** Puts each state into the row of its longest path from the start, so that every transition leads down. */
function layOut({ startAt, transitions, states }: StateMachine): Map<string, Position> {
  const rows = new Map([[startAt, 0]]);
  for (let pass = 0; pass < Object.keys(states).length; pass++) {
    for (const transition of transitions) {
      const [from = '', to = ''] = transition.split(' -> ');
      const row = rows.get(from);
      if (row !== undefined) rows.set(to, Math.max(rows.get(to) ?? 0, row + 1));
    }
  }
  const used = new Map<number, number>();
  return new Map(
    [...rows].map(([name, row]) => {
      const column = used.get(row) ?? 0;
      used.set(row, column + 1);
      return [name, { row, column, x: column * (box.width + box.gapX) + 10, y: row * (box.height + box.gapY) + 8 }];
    }),
  );
}
