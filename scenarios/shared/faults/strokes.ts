import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault-catalog';
import type { ScenarioRun } from '../scenario';
import type { Chance } from './reordering';
import type { SoakFault } from './soak-fault';

/** Something that is done again and again, at moments of chance. */
export interface Stroke {
  readonly fault: Fault;
  readonly title: string;
  readonly needs?: SoakFault['needs'];
  /** Between two of them, on average. */
  readonly everyMilliseconds: number;
  /** Gives how often it hit something. */
  readonly strike: (run: ScenarioRun, chance: Chance) => Promise<number>;
}

export function strokes({ fault, title, needs, everyMilliseconds, strike }: Stroke): SoakFault {
  return {
    title,
    ...(needs === undefined ? {} : { needs }),
    async inject(run, chance, until) {
      let count = 0;
      while (!until.aborted) {
        const pause = 2 * chance.random() * everyMilliseconds;
        const inTime = await sleep(pause, true, { signal: until }).catch(() => false);
        if (inTime) count += await strike(run, chance);
      }
      return { [fault]: count };
    },
  };
}
