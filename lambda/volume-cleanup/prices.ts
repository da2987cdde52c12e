import type { Volume } from './volume';

/** Dollars for a GiB and month in us-east-1, without IOPS and throughput: https://aws.amazon.com/ebs/pricing/ (November 2026) */
const dollars: Readonly<Record<string, number>> = {
  gp3: 0.08,
  gp2: 0.1,
  io1: 0.125,
  io2: 0.125,
  st1: 0.045,
  sc1: 0.015,
  standard: 0.05,
};

/** Price of a volume's storage in us-east-1, in dollars a month; a type without a known price counts nothing. */
export function dollarsAMonth({ type, gibibytes }: Pick<Volume, 'type' | 'gibibytes'>): number {
  return (dollars[type] ?? 0) * gibibytes;
}
