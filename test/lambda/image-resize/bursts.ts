import fc from 'fast-check';

/** Lets one actor take some steps before another gets its turn. */
export interface Burst {
  readonly actor: number;
  readonly steps: number;
  /** Index of the actor's parallel step that is released first. */
  readonly pick: number;
}

/**
 * Schedules that let actors run in bursts.
 *
 * Choosing the next step evenly, as `fc.scheduler` does, keeps all actors at about the same pace. The faults that matter
 * here need one actor that stalls while another runs from start to end.
 */
export const bursts: fc.Arbitrary<Burst[]> = fc.array(
  fc.record({
    actor: fc.nat(20),
    steps: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 })),
    pick: fc.nat(5),
  }),
  { minLength: 1, maxLength: 20 },
);

interface Step {
  readonly actor: number;
  readonly label: string;
  release(): void;
}

/** Releases the steps of actors that run at once, one step at a time, in the order that the bursts give. */
export class Scheduler {
  #waiting: Step[] = [];
  #turn = 0;
  #stepsLeft = 0;
  #actor = 0;

  constructor(
    private readonly schedule: readonly Burst[],
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  /** Resolves when it is this step's turn. */
  step(actor: number, label: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ actor, label, release: resolve }));
  }

  /** Releases steps, of one actor only if one is given, until none is waiting or the number is reached. */
  async run(only?: number, steps = Number.POSITIVE_INFINITY): Promise<void> {
    for (let released = 0; ; released++) {
      // The released actor continues until it waits again.
      await new Promise((resolve) => setImmediate(resolve));
      const next = only === undefined ? this.#next() : this.#waiting.find((step) => step.actor === only);
      if (!next || released === steps) return;
      this.log(`${next.actor === 0 ? 'user' : `worker ${next.actor}`}: ${next.label}`);
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      next.release();
    }
  }

  #next(): Step | undefined {
    const actors = [...new Set(this.#waiting.map((step) => step.actor))].sort((one, other) => one - other);
    if (actors.length === 0) return undefined;
    if (this.#stepsLeft === 0 || !actors.includes(this.#actor)) {
      const burst = this.#burst(this.#turn++);
      this.#stepsLeft = burst.steps;
      this.#actor = actors[burst.actor % actors.length] ?? 0;
    }
    this.#stepsLeft--;
    const own = this.#waiting.filter((step) => step.actor === this.#actor);
    return own[this.#burst(this.#turn).pick % own.length];
  }

  /** The schedule repeats, so that a short one lasts. */
  #burst(turn: number): Burst {
    return this.schedule[turn % this.schedule.length] ?? { actor: 0, steps: 1, pick: 0 };
  }
}
