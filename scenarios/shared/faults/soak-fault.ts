import type { Fault } from '../fault-catalog';
import type { ScenarioRun } from '../scenario';
import type { RandomSource } from './reordering';

/** How often something of the catalogue was injected. */
export type Injected = Readonly<Partial<Record<Fault, number>>>;

/** A fault that a round of a soak can meet. */
export interface SoakFault {
  /** For people, such as `kills of functions at work`. */
  readonly title: string;
  /** `faults`: left out where the target lets nobody inject faults. */
  readonly needs?: 'faults';
  /**
   * Injects until the signal.
   *
   * @param chance of its own, so that what else goes on changes nothing about it
   */
  inject(run: ScenarioRun, rng: RandomSource, until: AbortSignal): Promise<Injected>;
}
