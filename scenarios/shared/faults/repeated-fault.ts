import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault-catalog';
import type { ScenarioRun } from '../scenario';
import type { RandomSource } from './reordering';
import type { SoakFault } from './soak-fault';

/** Something that is done again and again, at moments of chance. */
export interface RepeatedFault {
  readonly fault: Fault;
  readonly title: string;
  readonly needs?: SoakFault['needs'];
  /** Between two of them, on average. */
  readonly everyMilliseconds: number;
  /** Gives how often it hit something. */
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
