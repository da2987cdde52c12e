import type { ScenarioRun } from '../scenario';
import { faultsOf, type DisturbedCalls, type DisturbedService, type Disturbance } from './fault-injector';
import type { RandomSource } from './reordering';
import type { SoakFault } from './soak-fault';

const none: DisturbedCalls = { calls: 0, throttled: 0, dropped: 0, unanswered: 0, slow: 0 };

/**
 * Disturbs the calls of functions to a service, at the latest until the end of the check.
 *
 * @returns what ends it, and gives all of the functions' calls together; it may be called again
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

/** Adds up two counts. */
export function sum(one: DisturbedCalls, other: DisturbedCalls): DisturbedCalls {
  return {
    calls: one.calls + other.calls,
    throttled: one.throttled + other.throttled,
    dropped: one.dropped + other.dropped,
    unanswered: one.unanswered + other.unanswered,
    slow: one.slow + other.slow,
  };
}

/** Puts the counts among the figures of the check, those that are none left out. */
export function recordCalls(run: ScenarioRun, service: DisturbedService, counts: DisturbedCalls): void {
  run.metric(`calls to ${service}`, counts.calls);
  const { calls: _all, ...disturbed } = counts;
  for (const [name, value] of Object.entries(disturbed)) if (value > 0) run.metric(`of them ${name}`, value);
}

/** Puts the counts among the figures, and holds that each of these disturbances met some calls. */
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

/** Throttles, drops, delays and leaves unanswered calls to some of the services, each a share of chance. */
export function disturbances(functionNames: readonly string[], services: readonly DisturbedService[]): SoakFault {
  return {
    title: `disturbed calls to ${services.join(', ')}`,
    needs: 'faults',
    async inject(run, rng, until) {
      const share = (): number => Math.round(rng.random() * 12) / 100;
      const disturbance = { throttled: share(), dropped: share(), unanswered: share(), slow: share() };
      run.log(`of all calls: ${JSON.stringify(disturbance)}`);
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
