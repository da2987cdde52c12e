import type { RandomSource, ScenarioRun, SoakFault } from '../scenario';
import { faultsOf, type DisturbedCalls, type DisturbedService, type Disturbance } from './fault-injector';

const none: DisturbedCalls = { calls: 0, throttled: 0, dropped: 0, unanswered: 0, slow: 0 };

/**
 * Disturbs the functions' calls to a service, at the latest until the end of the check.
 *
 * @returns function that stops it and returns the counts of all functions together; it can be called repeatedly
 */
export async function disturb(
  run: ScenarioRun,
  functionNames: readonly string[],
  service: DisturbedService,
  disturbance: Disturbance,
  rng: RandomSource = run,
): Promise<() => Promise<DisturbedCalls>> {
  const faults = faultsOf(run);
  const stops = await Promise.all(
    functionNames.map((name) => faults.disturb(name, service, disturbance, Math.floor(rng.random() * 2 ** 32))),
  );
  let ended: Promise<DisturbedCalls> | undefined;
  const end = (): Promise<DisturbedCalls> => {
    ended ??= Promise.all(stops.map((stop) => stop())).then((all) => all.reduce(sum, none));
    return ended;
  };
  run.cleanUp(`undisturbed calls to ${service}`, async () => void (await end()));
  return end;
}

/** Adds two counts. */
export function sum(one: DisturbedCalls, other: DisturbedCalls): DisturbedCalls {
  return {
    calls: one.calls + other.calls,
    throttled: one.throttled + other.throttled,
    dropped: one.dropped + other.dropped,
    unanswered: one.unanswered + other.unanswered,
    slow: one.slow + other.slow,
  };
}

/** Records the counts as metrics, without those that are 0. */
export function recordCalls(run: ScenarioRun, service: DisturbedService, counts: DisturbedCalls): void {
  run.metric(`calls to ${service}`, counts.calls);
  const { calls: _all, ...disturbed } = counts;
  for (const [name, value] of Object.entries(disturbed)) if (value > 0) run.metric(`of them ${name}`, value);
}

/** Records the counts and asserts that each of these disturbances affected some calls. */
export function assertDisturbed(
  run: ScenarioRun,
  service: DisturbedService,
  counts: DisturbedCalls,
  disturbances: readonly (keyof DisturbedCalls)[],
): void {
  recordCalls(run, service, counts);
  const met = disturbances.every((disturbance) => counts[disturbance] > 0);
  run.assert(met, `some calls were ${disturbances.join(', some ')}`, JSON.stringify(counts));
}

/** Throttles, drops, delays and leaves unanswered a random share of the calls to some services. */
export function disturbances(functionNames: readonly string[], services: readonly DisturbedService[]): SoakFault {
  return {
    title: `disturbed calls to ${services.join(', ')}`,
    needs: 'faults',
    async inject(run, rng, until) {
      const share = (): number => Math.round(rng.random() * 12) / 100;
      const disturbance = { throttled: share(), dropped: share(), unanswered: share(), slow: share() };
      run.log(`shares of all calls: ${JSON.stringify(disturbance)}`);
      const stops = await Promise.all(
        services.map((service) => disturb(run, functionNames, service, disturbance, rng)),
      );
      await aborted(until);
      const counts = (await Promise.all(stops.map((stop) => stop()))).reduce(sum, none);
      return {
        throttling: counts.throttled,
        'dropped-connection': counts.dropped,
        'unknown-outcome': counts.unanswered,
        'slow-dependency': counts.slow,
      };
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
