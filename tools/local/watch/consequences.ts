import { sep } from 'node:path';

/** Consequences of changed files for a deployed stack. */
export interface Consequences {
  /** Files that the template depends on: a deployment is needed. */
  readonly template: readonly string[];
  /** Whether handlers may have changed. */
  readonly handlers: boolean;
  /** Architectures whose checks changed; `all` where the change is in a file that they share. */
  readonly checks: ReadonlySet<string> | 'all';
}

/**
 * Decides by their paths what changed files need. A file that nothing depends on, such as a README, needs nothing.
 *
 * @param appFiles files that the app imports, some of them in `lambda/`
 * @param slugs architectures of the registry
 */
export function consequencesOf(
  changes: readonly string[],
  appFiles: ReadonlySet<string>,
  slugs: readonly string[],
): Consequences {
  const paths = changes.map((path) => path.split(sep).join('/')).filter((path) => !path.endsWith('.md'));
  const template = paths.filter(
    (path) => appFiles.has(path) || /^(bin\/|lib\/|cdk\.json$|lambda\/[^/]+\/(assets|native)\/)/.test(path),
  );
  const checks = paths.flatMap((path) => /^(?:operations|scenarios)\/([^/.]+)/.exec(path)?.[1] ?? []);
  return {
    template,
    handlers: paths.some((path) => path.startsWith('lambda/')),
    checks: checks.every((name) => slugs.includes(name)) ? new Set(checks) : 'all',
  };
}
