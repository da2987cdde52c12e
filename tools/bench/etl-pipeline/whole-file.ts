import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { parse } from 'csv-parse/sync';
import { setTimeout as sleep } from 'node:timers/promises';
import { generatedFile } from './generated-file';

/**
 * Function as samples have it: reads the whole file, parses it with `csv-parse`, and writes one row after the other, whatever is in it.
 *
 * @returns rows that it wrote
 */
export async function loadWholeFile(rows: number, answer: number, afterReading = () => {}): Promise<number> {
  const blocks: Buffer[] = [];
  for await (const block of generatedFile(rows)) blocks.push(block);
  // As they are, bad rows end the parser at the first one.
  const records = parse<Record<string, string>>(Buffer.concat(blocks).toString(), {
    columns: true,
    relax_column_count: true,
    relax_quotes: true,
  });
  afterReading();
  let written = 0;
  for (const record of records) {
    const Item = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, { S: value }]));
    if (new PutItemCommand({ TableName: 'rows', Item }).input.TableName !== undefined) written++;
    if (answer > 0) await sleep(answer);
  }
  return written;
}
