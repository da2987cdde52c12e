import { isDeepStrictEqual } from 'node:util';
import type { RejectedRow } from '../../../lambda/etl-pipeline/transformation';
import { ways } from '../../../scenarios/etl-pipeline/bad-rows-proof';
import { csvLine, header, product } from '../../../scenarios/etl-pipeline/rows';

/** One of fifty rows is bad, each in the next way. */
const badEvery = 50;
const blockBytes = 65_536;

/** CSV file of so many products in blocks, made as it is read. */
export async function* generatedFile(rows: number): AsyncGenerator<Buffer> {
  let block = `${header}\n`;
  for (let index = 0; index < rows; index++) {
    const one = product({ runId: 'bench' }, index);
    const isBad = index % badEvery === badEvery - 1;
    const [spoil] = ways[Math.floor(index / badEvery) % ways.length] ?? [csvLine];
    block += `${isBad ? spoil(one) : csvLine(one)}\n`;
    if (block.length < blockBytes) continue;
    yield Buffer.from(block);
    block = '';
    // As a stream does: without it, no timer would fire between blocks.
    await new Promise((resolve) => setImmediate(resolve));
  }
  yield Buffer.from(block);
}

/** Whether a row that was rejected is a bad one of the file, with the reasons of its kind. */
export function isExpected({ line, reasons }: Pick<RejectedRow, 'line' | 'reasons'>): boolean {
  // The header is line 1, and no row has a line end.
  const index = line - 2;
  const [, ...expected] = ways[Math.floor(index / badEvery) % ways.length] ?? [];
  return index % badEvery === badEvery - 1 && isDeepStrictEqual(reasons, expected);
}

export function badRowsOf(rows: number): number {
  return Math.floor(rows / badEvery);
}
