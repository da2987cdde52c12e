/** One of those that are compared. */
export interface Contestant<Sample> {
  readonly name: string;
  readonly act: () => Promise<Sample>;
}

export interface Rounds {
  readonly rounds: number;
  /** Rounds before, that are not counted: they load libraries and fill caches. */
  readonly warmUps?: number;
  readonly onRound?: (round: number) => void;
}

/**
 * Measures contestants round by round, every second round in the opposite order, so that a machine that grows slower or
 * faster meanwhile does so for all of them.
 *
 * @returns the samples of each, by its name, in the order of rounds
 */
export async function measureInTurn<Sample, Name extends string>(
  contestants: readonly (Contestant<Sample> & { readonly name: Name })[],
  { rounds, warmUps = 0, onRound }: Rounds,
): Promise<Record<Name, Sample[]>> {
  const samples = Object.fromEntries(contestants.map(({ name }) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let round = -warmUps; round < rounds; round++) {
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const { name, act } of order) {
      const sample = await act();
      if (round >= 0) samples[name].push(sample);
    }
    onRound?.(round);
  }
  return samples;
}
