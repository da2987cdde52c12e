/** Lambda's reports of one function over some days. */
export interface FunctionUse {
  readonly name: string;
  readonly architecture: 'arm64' | 'x86_64';
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly invocations: number;
  /** Most memory that an invocation used; environments are reused, so that it may be that of an earlier one. */
  readonly usedMegabytes: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Mean of the billed milliseconds. */
  readonly billed: number;
}

export interface Recommendation {
  /** US dollars for a million invocations. */
  readonly costPerMillion: number;
  /** Lowest memory that leaves a margin over what was used. */
  readonly lowestMegabytes: number;
  readonly advice: string;
}

/** US dollars in us-east-1: https://aws.amazon.com/lambda/pricing/ */
const perGigabyteSecond = { arm64: 0.0000133334, x86_64: 0.0000166667 } as const;
const perMillionRequests = 0.2;

/** Share of the memory that stays free at the highest use that was seen. */
const margin = 0.25;
/** Smallest memory of a function, and the step that sizes are rounded up to, in megabytes. */
const smallest = 128;
const step = 64;
/** Invocations below which nothing is concluded: the rare large input has not been among them. */
const enough = 100;

/** Cost of a function as it is, and the lower bound of its memory. Speed at other sizes has to be measured: it is not in the reports. */
export function recommend(use: FunctionUse): Recommendation {
  const { architecture, memoryMegabytes, billed, usedMegabytes, invocations, p99, timeoutSeconds } = use;
  const gigabyteSeconds = (memoryMegabytes / 1_024) * (billed / 1_000);
  const costPerMillion = gigabyteSeconds * perGigabyteSecond[architecture] * 1_000_000 + perMillionRequests;
  const lowestMegabytes = Math.max(smallest, Math.ceil(usedMegabytes / (1 - margin) / step) * step);
  return { costPerMillion, lowestMegabytes, advice: advise() };

  function advise(): string {
    if (invocations < enough) return `too few invocations: look again after ${enough}`;
    if (p99 > timeoutSeconds * 800) return 'near its timeout: give it more memory or time';
    if (lowestMegabytes > memoryMegabytes) return 'little memory is left: give it more';
    if (lowestMegabytes < memoryMegabytes) return 'less memory is enough; measure its speed there first';
    return 'as it should be';
  }
}

/** Lines of a table for the operator. */
export function describeUse(uses: readonly FunctionUse[]): string[] {
  const rows = uses.map((use) => {
    const { costPerMillion, lowestMegabytes, advice } = recommend(use);
    const { name, invocations, memoryMegabytes, usedMegabytes, p50, p99 } = use;
    return invocations === 0
      ? [name, '0', `${memoryMegabytes}`, '', '', '', '', '', 'not invoked']
      : [
          ...[name, `${invocations}`, `${memoryMegabytes}`, `${Math.ceil(usedMegabytes)}`, `${lowestMegabytes}`],
          ...[`${Math.round(p50)}`, `${Math.round(p99)}`, `$${costPerMillion.toFixed(2)}`, advice],
        ];
  });
  const all = [['function', 'calls', 'MB', 'used', 'at least', 'p50 ms', 'p99 ms', 'a million', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
