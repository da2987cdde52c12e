import type { Volume } from './volume';

/** Dollars a month in us-east-1, for a GiB of storage: https://aws.amazon.com/ebs/pricing/ (November 2026) */
const storage: Readonly<Record<string, number>> = {
  gp3: 0.08,
  gp2: 0.1,
  io1: 0.125,
  io2: 0.125,
  st1: 0.045,
  sc1: 0.015,
  standard: 0.05,
};

/** An Elastic IP address costs the same in use and idle: $0.005 an hour, 730 hours a month. https://aws.amazon.com/vpc/pricing/ */
export const dollarsOfAddress = 0.005 * 730;

/** Dollars a month for a GiB of snapshots, by tier: https://aws.amazon.com/ebs/pricing/ */
const snapshotStorage: Readonly<Record<string, number>> = { standard: 0.05, archive: 0.0125 };

/** Price of a volume in us-east-1, in dollars a month, with provisioned IOPS and throughput; a type without a known price counts nothing. */
export function dollarsOfVolume({
  type,
  gibibytes,
  iops = 0,
  throughput = 0,
}: Pick<Volume, 'type' | 'gibibytes' | 'iops' | 'throughput'>): number {
  const performance =
    type === 'gp3'
      ? 0.005 * Math.max(0, iops - 3_000) + 0.04 * Math.max(0, throughput - 125)
      : type === 'io1' || type === 'io2'
        ? 0.065 * Math.min(iops, type === 'io2' ? 32_000 : iops)
        : 0;
  return (storage[type] ?? 0) * gibibytes + performance;
}

/** Highest price of a snapshot in us-east-1, in dollars a month: blocks that it shares with another are billed once. */
export function dollarsOfSnapshot(gibibytes: number, tier: string): number {
  return (snapshotStorage[tier] ?? 0) * gibibytes;
}
