/** What was run, as far as it takes to run its failures again. */
export interface RunToRepeat {
  readonly outputs: string;
  readonly prove: boolean;
  readonly variants: readonly string[];
  readonly seed: number;
  /** A local run, which takes its stack down: it has to be deployed again. */
  readonly isLocal: boolean;
}

/** The command that runs failed checks again, with the same random choices. */
export function repeatLine(
  { outputs, prove, variants, seed, isLocal }: RunToRepeat,
  failed: readonly { readonly slug: string; readonly name: string }[],
): string {
  const command = isLocal
    ? `npm run ${prove ? 'prove' : 'local'} --`
    : `npm run scenarios -- --outputs ${outputs}${prove ? ' --prove' : ''}${variants.map((name) => ` --variant ${name}`).join('')}`;
  const slugs = [...new Set(failed.map(({ slug }) => slug))];
  const only = [...new Set(failed.map(({ name }) => `--only ${name}`))];
  return `again: ${[command, ...slugs, ...only].join(' ')} --seed ${seed}`;
}
