/** List prices of us-east-1, 2026-11, in dollars: see tools/costs/prices.json. */
const prices = {
  write: 0.625e-6,
  transition: 25e-6,
  functionRequest: 0.2e-6,
  functionSecond: 13.3334e-6,
  bucketWrite: 5e-6,
  bucketRead: 0.4e-6,
};

export interface Measured {
  readonly bytesOfRow: number;
  /** Of one function. */
  readonly splitRowsPerSecond: number;
  /** Of one function, which transforms and loads. */
  readonly loadRowsPerSecond: number;
}

export interface Plan {
  readonly rows: number;
  readonly chunkBytes: number;
  /** Chunks at once. */
  readonly concurrency: number;
}

/** Transitions of one child of a map: start, task, choice, end. */
const transitionsOfChild = 4;

/** Hours and dollars of a file of so many new rows. */
export function project({ rows, chunkBytes, concurrency }: Plan, measured: Measured) {
  const gigabytes = (rows * measured.bytesOfRow) / 1e9;
  const parts = Math.ceil((rows * measured.bytesOfRow) / chunkBytes);
  const splitSeconds = rows / measured.splitRowsPerSecond;
  const loadSeconds = rows / measured.loadRowsPerSecond;
  const children = 2 * parts;
  const dollars =
    rows * prices.write +
    children * (transitionsOfChild * prices.transition + prices.functionRequest) +
    (splitSeconds + loadSeconds) * prices.functionSecond +
    // Chunk and checkpoint, staged rows and counts, rejected rows, counts and Parquet; each is read once.
    parts * (7 * prices.bucketWrite + 6 * prices.bucketRead);
  return { gigabytes, parts, splitSeconds, hours: (splitSeconds + loadSeconds / concurrency) / 3_600, dollars };
}

/** Seconds of a function that has one row. */
const secondsOfRow = 0.02;

/** Dollars of a million rows where each row is a Standard child of a map. */
export function dollarsOfChildPerRow(): number {
  const child = 3 * prices.transition + prices.functionRequest + secondsOfRow * prices.functionSecond;
  return 1e6 * (child + prices.write);
}
