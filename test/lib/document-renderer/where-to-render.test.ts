import { readFileSync } from 'node:fs';
import { priceTable } from '../../../tools/costs/price-table';

/** Documents a day, and what each takes: one processor and 2 GB for 0.8 s. */
const loads = [1_000, 100_000, 1_000_000];
const seconds = 0.8;
const gigabytes = 2;

const hoursAMonth = 730;
const daysAMonth = hoursAMonth / 24;
/** Seconds until a task runs, billed from the download of its image. */
const startSeconds = 60;

const price = (name: string): number => {
  const { usd, per } = priceTable.prices[name] ?? { usd: Number.NaN, per: 1 };
  return usd / per;
};
const taskHour = price('fargate-processor-hours') + gigabytes * price('fargate-gigabyte-hours');

/** Number of processors that always run at half of their capacity, in units of so many. */
function machinesFor(documents: number, processors: number): number {
  return Math.ceil((documents * seconds) / 86_400 / 0.5 / processors);
}

const dollars: Readonly<Record<string, (documents: number) => number>> = {
  '**Lambda** (here)': (documents) =>
    documents * daysAMonth * (seconds * gigabytes * price('lambda-x86_64') + price('lambda-requests')),
  'managed instances': (documents) =>
    Math.max(3, machinesFor(documents, 2)) * hoursAMonth * price('machine-hours') * 1.15 +
    documents * daysAMonth * price('lambda-requests'),
  Fargate: (documents) => machinesFor(documents, 1) * hoursAMonth * taskHour,
  Batch: (documents) => ((documents * seconds + 24 * startSeconds) / 3_600) * daysAMonth * taskHour,
  EC2: (documents) => machinesFor(documents, 2) * hoursAMonth * price('machine-hours'),
};

it.each(Object.keys(dollars))('the README has the prices of %s at three loads, by the price table', (place) => {
  const readme = readFileSync('lib/document-renderer/README.md', 'utf8');
  const [row = ''] = readme.split('\n').filter((line) => line.startsWith(`| ${place} `));
  const cells = row.split('|').map((cell) => cell.trim());
  const expected = loads.map((documents) => {
    const sum = dollars[place]?.(documents) ?? 0;
    return `$${sum < 10 ? sum.toFixed(2) : Math.round(sum).toLocaleString('en-US')}`;
  });
  expect(cells.slice(2, 5)).toEqual(expected);
});
