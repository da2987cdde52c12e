import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault-catalog';
import type { RandomSource, ScenarioRun, SoakFault } from '../scenario';

/** Fault that is injected repeatedly at random times. */
export interface RepeatedFault {
  readonly fault: Fault;
  readonly title: string;
  readonly needs?: SoakFault['needs'];
  /** Average time between two injections. */
  readonly everyMilliseconds: number;
  /** Returns the number of targets that it affected. */
  readonly inject: (run: ScenarioRun, rng: RandomSource) => Promise<number>;
}

export function repeatedFault({ fault, title, needs, everyMilliseconds, inject }: RepeatedFault): SoakFault {
  return {
    title,
    ...(needs === undefined ? {} : { needs }),
    async inject(run, rng, until) {
      let count = 0;
      while (!until.aborted) {
        const pause = 2 * rng.random() * everyMilliseconds;
        const inTime = await sleep(pause, true, { signal: until }).catch(() => false);
        if (inTime) count += await inject(run, rng);
      }
      return { [fault]: count };
    },
  };
}
