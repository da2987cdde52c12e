/** One of several measured alternatives. */
export interface Contestant<Sample> {
  readonly name: string;
  readonly act: () => Promise<Sample>;
}

export interface Turns {
  readonly turns: number;
  /** Turns before the first that counts, which load libraries and fill caches. */
  readonly warmUps?: number;
  readonly onTurn?: (turn: number) => void;
}

/**
 * Measures contestants in turns, every second turn in the opposite order, so that a machine that becomes slower or faster does so for
 * all of them.
 *
 * @returns samples of each contestant by name, in the order of turns
 */
export async function measureInTurn<Sample, Name extends string>(
  contestants: readonly (Contestant<Sample> & { readonly name: Name })[],
  { turns, warmUps = 0, onTurn }: Turns,
): Promise<Record<Name, Sample[]>> {
  const samples = Object.fromEntries(contestants.map(({ name }) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let turn = -warmUps; turn < turns; turn++) {
    const order = turn % 2 === 0 ? contestants : contestants.toReversed();
    for (const { name, act } of order) {
      const sample = await act();
      if (turn >= 0) samples[name].push(sample);
    }
    onTurn?.(turn);
  }
  return samples;
}
