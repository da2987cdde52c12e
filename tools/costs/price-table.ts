import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.strictObject({
  asOf: z.iso.date(),
  region: z.string(),
  note: z.string(),
  prices: z.record(
    z.string(),
    z.strictObject({ usd: z.number().positive(), per: z.number().positive(), unit: z.string(), source: z.url() }),
  ),
  databaseClasses: z.record(
    z.string(),
    z.strictObject({ usdAnHour: z.number().positive(), processors: z.int().positive() }),
  ),
});

/** List prices of one region in US dollars, with their date; each names its source. */
export type PriceTable = z.output<typeof schema>;

export const priceTable: PriceTable = schema.parse(JSON.parse(readFileSync(join(__dirname, 'prices.json'), 'utf8')));
