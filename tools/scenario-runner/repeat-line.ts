/** Options of a run that are needed to repeat its failures. */
export interface RunToRepeat {
  readonly outputs: string;
  readonly prove: boolean;
  readonly variants: readonly string[];
  readonly seed: number;
  /** Whether it was a local run, which deploys again. */
  readonly isLocal: boolean;
}

/** Command that repeats failed checks with the same random choices. */
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
