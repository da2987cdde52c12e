import type { ScenarioRun } from '../scenario';
import { faultsOf, type DisturbedCalls, type DisturbedService, type Disturbance } from './fault-injector';

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
): Promise<() => Promise<DisturbedCalls>> {
  const faults = faultsOf(run);
  const stops = await Promise.all(
    functionNames.map((name) => faults.disturb(name, service, disturbance, Math.floor(run.random() * 2 ** 32))),
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
export function figureCalls(run: ScenarioRun, service: DisturbedService, counts: DisturbedCalls): void {
  run.figure(`calls to ${service}`, counts.calls);
  const { calls: _all, ...disturbed } = counts;
  for (const [name, value] of Object.entries(disturbed)) if (value > 0) run.figure(`of them ${name}`, value);
}
