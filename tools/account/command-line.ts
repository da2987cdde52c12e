import type { Architecture } from '../../lib/architectures';
import { UsageError, parseOptions } from '../../operations/command-line/command';
import type { Scenario } from '../../scenarios/shared/scenario';
import { readSeed } from '../scenario-runner/random';

export const help = `Deploys an architecture to an AWS account, runs its smoke test and proofs there, writes a report, and removes everything.

  npm run account -- <slug> [options]

  slug              architecture, such as image-resize
  --yes             deploys without asking
  --keep            leaves the stack deployed
  --destroy         only removes what an earlier run left: the stack, its buckets and its log groups
  --only <check>    smoke test or proof of that name; may be repeated
  --seed <n>        repeats the random choices of a run with this seed
  --profile <name>  profile of ~/.aws/config: keys, SSO or an assumed role (default: the SDK's credential chain)
  --app <folder>    deploys this synthesized assembly instead of synthesizing the app
  --help            this text

Before it deploys it shows the account, what is deployed, what it costs an hour and how long it takes. A run that was cut off goes
on where it ended: start it again. The stage is sandbox; a stack that something else deployed is updated only with --keep.
Proofs that inject faults are left out: only a local run can. Files are written below .local/account/.
Exit code: 0 all passed and removed, 1 a check or a step failed, 2 wrong usage.`;

export interface AccountOptions {
  readonly architecture: Architecture;
  readonly yes: boolean;
  readonly keep: boolean;
  readonly destroy: boolean;
  readonly only: readonly string[];
  readonly seed: number;
  readonly profile: string | undefined;
  readonly app: string | undefined;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[], known: readonly Architecture[]): AccountOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [slug = '', ...others] = positionals;
  const architecture = known.find((one) => one.slug === slug);
  if (architecture === undefined || others.length > 0) {
    const slugs = known.map((one) => one.slug).join(', ');
    throw new UsageError(`received '${positionals.join(' ')}': name one architecture of ${slugs}`);
  }
  if (values.keep && values.destroy) throw new UsageError('--keep and --destroy exclude each other: leave one out');
  const { yes, keep, destroy, only, profile, app } = values;
  return { architecture, yes, keep, destroy, only, seed: readSeed(values.seed), profile, app };
}

/**
 * Checks that an account allows: the smoke test, then the proofs that inject no faults.
 *
 * @throws UsageError where `only` names none of them
 */
export function checksOf(scenario: Scenario, only: readonly string[]) {
  const proofs = scenario.proofs.map((check) => ({ kind: 'proof' as const, check }));
  const all = [{ kind: 'smoke-test' as const, check: scenario.smokeTest }, ...proofs];
  const allowed = all.filter(({ check }) => check.needs !== 'faults');
  const names = allowed.map(({ check }) => check.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--only ${unknown}: an account cannot run it: use one of ${names.join(', ')}`);
  }
  return {
    checks: allowed.filter(({ check }) => only.length === 0 || only.includes(check.name)),
    leftOut: all.length - allowed.length,
  };
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      destroy: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string' },
      profile: { type: 'string' },
      app: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}
