import type { FunctionStatistics } from '../../scenario-runner/function-observer';
import type { DeployedFunction } from './deployed-functions';

export interface FinishedInvocation {
  readonly function: DeployedFunction;
  /** End, in milliseconds since 1970. */
  readonly time: number;
  readonly milliseconds: number;
  readonly memoryMegabytes: number;
  readonly coldStart: boolean;
  readonly failed: boolean;
}

/** Statistics of each function that was invoked. */
export function statisticsOf(
  functions: readonly DeployedFunction[],
  finished: readonly FinishedInvocation[],
): FunctionStatistics[] {
  return functions.flatMap(({ slug, name, logicalId }) => {
    const own = finished.filter((one) => one.function.slug === slug && one.function.logicalId === logicalId);
    if (own.length === 0) return [];
    const durations = own.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
    return {
      slug,
      function: name,
      invocations: own.length,
      errors: own.filter(({ failed }) => failed).length,
      throttles: 0,
      coldStarts: own.filter(({ coldStart }) => coldStart).length,
      medianMilliseconds: percentile(durations, 0.5),
      p99Milliseconds: percentile(durations, 0.99),
      maxMemoryMegabytes: Math.max(...own.map(({ memoryMegabytes }) => memoryMegabytes)),
    };
  });
}

/** Nearest-rank percentile of sorted values. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
