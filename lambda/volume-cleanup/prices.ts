import type { Volume } from './volume';

/**
 * All prices are dollars a month in us-east-1, of https://aws.amazon.com/ebs/pricing/, compared with published tables in November 2026:
 * the page loads its figures by script. This one is for a GiB of storage.
 */
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

/** For a GiB of snapshots, by tier. */
const snapshotStorage: Readonly<Record<string, number>> = { standard: 0.05, archive: 0.0125 };

/** For a provisioned IOPS of io2, up to each number of them; io1 has the first price alone. */
const io2Tiers: readonly (readonly [upTo: number, dollars: number])[] = [
  [32_000, 0.065],
  [64_000, 0.046],
  [Infinity, 0.032],
];

/** Price of a volume with provisioned IOPS and throughput; a type without a known price counts nothing. */
export function dollarsOfVolume({
  type,
  gibibytes,
  iops = 0,
  throughput = 0,
}: Pick<Volume, 'type' | 'gibibytes' | 'iops' | 'throughput'>): number {
  const size = (storage[type] ?? 0) * gibibytes;
  if (type === 'gp3') return size + 0.005 * Math.max(0, iops - 3_000) + 0.04 * Math.max(0, throughput - 125);
  if (type === 'io1') return size + 0.065 * iops;
  return type === 'io2' ? size + dollarsOfIo2(iops) : size;
}

function dollarsOfIo2(iops: number): number {
  return io2Tiers.reduce((sum, [upTo, dollars], index) => {
    const from = io2Tiers[index - 1]?.[0] ?? 0;
    return sum + dollars * Math.max(0, Math.min(iops, upTo) - from);
  }, 0);
}

/** Highest price of a snapshot: blocks that it shares with another are billed once. */
export function dollarsOfSnapshot(gibibytes: number, tier: string): number {
  return (snapshotStorage[tier] ?? 0) * gibibytes;
}
