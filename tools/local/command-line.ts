import { loadSettings, type Configurable } from '../../lib/config';
import { UsageError, parseOptions } from '../../operations/command-line/command';
import type { Scenario } from '../../scenarios/shared/scenario';
import { readDuration } from '../scenario-runner/duration';
import { readSeed } from '../scenario-runner/random';
import type { Override } from './cdk';

export const help = `Deploys architectures to an emulator on this machine, runs their scenarios, and removes everything at the end.

  npm run local [-- <slug …> --option …]
  npm run prove [-- <slug …> --option …]       the same with --prove

  slug                   architectures, such as image-resize; without one: all
  --prove                proofs (faults, limits and hostile input, minutes) instead of smoke tests (seconds)
  --soak <time>          with --prove: work under random fault injection for 90s, 10m or 1h
  --only <check>         only the check of that name; may be repeated
  --seed <n>             repeats the random choices of a run with this seed
  --set '<slug>=<json>'  settings of an architecture that replace its defaults; may be repeated
  --watch                stays: deploys each change of a source, function code in seconds, and runs the checks again
  --keep                 keeps the stack deployed and prints how to connect
  --stop                 ends the run or the stack of this checkout
  --help                 this text

Files are written below .local/: report.html, report.json, outputs.json, env and the logs.
PYTHON names the Python to use (3.10 or newer). Exit code: 0 all passed, 1 a check failed or was stopped, 2 wrong usage.`;

export type Options = { readonly command: 'help' } | { readonly command: 'stop' } | RunOptions;

export interface RunOptions {
  readonly command: 'run';
  readonly slugs: readonly string[];
  readonly keep: boolean;
  readonly watch: boolean;
  readonly prove: boolean;
  /** Duration, such as `10m`. */
  readonly soak: string | undefined;
  readonly only: readonly string[];
  readonly seed: number;
  readonly overrides: readonly Override[];
}

/**
 * Reads the command line.
 *
 * @param known architectures of the registry
 * @throws UsageError
 */
export function readOptions(args: readonly string[], known: readonly Configurable[]): Options {
  const { values, positionals } = parse(args);
  if (values.help) return { command: 'help' };
  if (values.stop) return { command: 'stop' };
  const slugs = [...new Set(positionals)];
  for (const slug of slugs) findArchitecture(slug, known);
  const { keep, watch, prove, soak, only } = values;
  if (watch && keep) throw new UsageError('--watch --keep: use one of them: --watch keeps the stack until Ctrl-C');
  if (watch && soak !== undefined) throw new UsageError(`--watch --soak ${soak}: use one of them`);
  if (soak !== undefined) {
    readDuration('--soak', soak);
    if (!prove) throw new UsageError(`--soak ${soak}: use npm run prove, which has the settings for it`);
  }
  const seed = readSeed(values.seed);
  const overrides = values.set.map((one) => readOverride(one, known));
  return { command: 'run', slugs, keep, watch, prove, soak, only, seed, overrides };
}

/** @throws UsageError where `--only` names a check that this run does not have */
export function checkOnly({ only, prove, soak }: RunOptions, scenarios: readonly Scenario[]): void {
  // The names of a soak's rounds are numbers, which the soak checks.
  if (soak !== undefined) return;
  const smokeTests = scenarios.map(({ smokeTest }) => smokeTest.name);
  const proofs = scenarios.flatMap((one) =>
    [...one.proofs, ...(one.variants ?? []).flatMap((variant) => variant.proofs)].map(({ name }) => name),
  );
  const [names, others] = prove ? [proofs, smokeTests] : [smokeTests, proofs];
  for (const name of only.filter((one) => !names.includes(one))) {
    if (others.includes(name)) {
      const command = prove ? 'npm run local' : 'npm run prove';
      throw new UsageError(`--only ${name}: this is a ${prove ? 'smoke test' : 'proof'}: use ${command}`);
    }
    throw new UsageError(`--only ${name}: unknown check: use one of ${[...new Set(names)].join(', ')}`);
  }
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      keep: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      stop: { type: 'boolean', default: false },
      prove: { type: 'boolean', default: false },
      soak: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function findArchitecture(slug: string, known: readonly Configurable[]): Configurable {
  const found = known.find((one) => one.slug === slug);
  if (found !== undefined) return found;
  const slugs = known.map((one) => one.slug).join(', ');
  throw new UsageError(`unknown architecture '${slug}': use one of ${slugs}`);
}

function readOverride(text: string, known: readonly Configurable[]): Override {
  const at = text.indexOf('=');
  if (at < 0) throw new UsageError(`--set '${text}': use --set '<slug>=<json>'`);
  const [slug, json] = [text.slice(0, at), text.slice(at + 1)];
  const { settings } = findArchitecture(slug, known);
  try {
    loadSettings({ [slug]: json }, slug, settings);
  } catch (error) {
    throw new UsageError(`--set ${error instanceof Error ? error.message : String(error)}`);
  }
  return { slug, json };
}
