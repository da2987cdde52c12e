import { UsageError, parseOptions } from '../../operations/command-line/command';
import { readDuration } from '../scenario-runner/duration';
import type { Override } from './cdk';

export const help = `Deploys architectures to an emulator on this machine, runs their scenarios and takes all of it down again.

  npm run local [-- <slug …> --option …]
  npm run prove [-- <slug …> --option …]       the same with --prove

  slug                   architectures, such as image-resize; without one: all
  --prove                the proofs (faults, limits, hostile input: minutes) instead of the smoke tests (seconds)
  --soak <time>          with --prove: work goes on for 90s, 10m or 1h in rounds while faults of chance are injected
  --only <check>         only the check of that name; may be repeated
  --seed <n>             repeats the random choices of a run that printed this seed
  --set '<slug>=<json>'  settings of an architecture in place of its defaults; may be repeated
  --keep                 leaves the stack up and says how to talk to it
  --stop                 ends what runs in this checkout, be it a run or a stack that was left up
  --help                 this text

Everything is written below .local/: report.html, report.json, outputs.json, env and a log of every part.
PYTHON names the Python to use (3.10 or newer). Exit code: 0 all passed, 1 something failed or was stopped, 2 wrong usage.`;

export type Options = { readonly command: 'help' } | { readonly command: 'stop' } | RunOptions;

export interface RunOptions {
  readonly command: 'run';
  readonly slugs: readonly string[];
  readonly keep: boolean;
  readonly prove: boolean;
  /** How long, as it was written, such as `10m`. */
  readonly soak: string | undefined;
  readonly only: readonly string[];
  readonly seed: string | undefined;
  readonly overrides: readonly Override[];
}

/**
 * Reads the command line.
 *
 * @param known slugs of the registry
 * @throws UsageError
 */
export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parse(args);
  if (values.help) return { command: 'help' };
  if (values.stop) return { command: 'stop' };
  const slugs = [...new Set(positionals)];
  for (const slug of slugs) checkSlug(slug, known);
  const { keep, prove, soak, only, seed } = values;
  if (soak !== undefined) {
    readDuration('--soak', soak);
    if (!prove) throw new UsageError(`--soak ${soak}: use npm run prove, which has the settings for it`);
  }
  return {
    command: 'run',
    slugs,
    keep,
    prove,
    soak,
    only,
    seed,
    overrides: values.set.map((one) => readOverride(one, known)),
  };
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      keep: { type: 'boolean', default: false },
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

function checkSlug(slug: string, known: readonly string[]): void {
  if (!known.includes(slug)) throw new UsageError(`unknown architecture '${slug}': use one of ${known.join(', ')}`);
}

function readOverride(text: string, known: readonly string[]): Override {
  const at = text.indexOf('=');
  if (at < 0) throw new UsageError(`--set '${text}': use --set '<slug>=<json>'`);
  const [slug, json] = [text.slice(0, at), text.slice(at + 1)];
  checkSlug(slug, known);
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { slug, json };
  } catch {
    // Told below.
  }
  throw new UsageError(`--set ${slug}: received ${json}, which is no JSON object: use --set '${slug}={"key":"value"}'`);
}
