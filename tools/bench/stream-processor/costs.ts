import { priceTable } from '../../costs/price-table';
import type { Sample } from './shards';

/** Memory of the functions by default, in GB. */
const gigabytes = 0.5;

/** Dollars of a million records: table units, requests to S3, invocations and their time. The stream costs the same for all. */
export function dollarsOfMillion(sample: Sample): number {
  const { usage, invocations, invokedMilliseconds, records, shards } = sample;
  const dollars =
    usage.writeUnits * price('table-writes') +
    usage.readUnits * price('table-reads') +
    usage.objects * price('bucket-writes') +
    invocations * price('lambda-requests') +
    (invokedMilliseconds / 1_000) * gigabytes * price('lambda-arm64');
  return (dollars / (records * shards)) * 1e6;
}

function price(name: string): number {
  const { usd, per } = priceTable.prices[name] ?? { usd: Number.NaN, per: 1 };
  return usd / per;
}
