import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, runCommand, UsageError } from '../../operations/command-line/command';
import { architectures } from '../../lib/architectures';
import { gatheredCallsSchema, type GatheredCalls } from '../local/calls/gather';
import { workspaceOf } from '../local/workspace';
import type { Template } from '../template/template';
import { grantsOf } from '../template/grants';
import { mutate } from './mutation/command';
import { readAcceptedUnused } from './accepted-unused';
import { classify, operationsIn, staleAcceptances, unexplained, type Verdict } from './verdicts';

const root = join(__dirname, '..', '..');
const workspace = workspaceOf(root);

const help = `Compares granted permissions with the API calls observed in the proofs of the local run.

  npm run permissions [-- [slug …] [--last-run]]
  npm run permissions -- --mutate [slug …] [--option …]

  slug               architectures, such as image-resize; default: all
  --last-run         checks the last local run instead of running the proofs first (minutes)
  --help             this text

  --mutate           removes each permission in turn and runs the checks that need it: one of them has to fail
                     (a quarter of an hour and more for all architectures)
  --function <name>  only the role of this function, such as ResizeImage; may be repeated
  --action <action>  only this action, such as s3:GetObject; may be repeated
  --rest             only permissions whose removal no check is known to notice
  --record           writes the checks that noticed into scenarios/<slug>/recorded-permissions.json
  --seed <n>         repeats the random choices of the checks

Fails on a permission that nothing used, unless lib/<slug>/accepted-unused-permissions.json gives the reason. With --mutate it
fails on a permission that can be removed unnoticed. A removal is noticed if the function was denied for lack of the permission
and a check failed, or had not ended long after its usual time. Exit code: 0 no finding, 1 findings, 2 wrong usage.`;

async function main(): Promise<number> {
  const { values, positionals: slugs } = parseOptions({
    allowPositionals: true,
    options: {
      mutate: { type: 'boolean', default: false },
      function: { type: 'string', multiple: true, default: [] },
      action: { type: 'string', multiple: true, default: [] },
      rest: { type: 'boolean', default: false },
      seed: { type: 'string' },
      'last-run': { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const known = architectures.map(({ slug }) => slug);
  const unknown = slugs.find((slug) => !known.includes(slug));
  if (unknown !== undefined) throw new UsageError(`unknown architecture '${unknown}': use one of ${known.join(', ')}`);
  const { record, function: functions, action: actions, rest, seed } = values;
  if (values.mutate) return (await mutate(root, { slugs, functions, actions, rest, seed, record })) ? 0 : 1;
  if (record || rest || functions.length + actions.length > 0) {
    throw new UsageError('--function, --action, --rest and --record are for removals: add --mutate');
  }
  if (!values['last-run'] && !prove(slugs)) {
    console.error('the proofs failed: fix them first, then check permissions');
    return 1;
  }
  return check(slugs);
}

function check(slugs: readonly string[]): number {
  const observed = readCalls();
  if (!observed.proved)
    console.error('the last run had only smoke tests: permissions that only proofs use count as unused');
  const results = architectures
    .filter(({ id, slug }) => observed.stacks.includes(id) && (slugs.length === 0 || slugs.includes(slug)))
    .map((one) => checkArchitecture(one, observed));
  for (const { slug, verdicts } of results) console.log(summaryOf(slug, verdicts));
  const findings = results.flatMap((result) => result.findings);
  for (const finding of findings) console.error(finding);
  return findings.length === 0 ? 0 : 1;
}

function prove(slugs: readonly string[]): boolean {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = slugs.length === 0 ? [] : ['--', ...slugs];
  return spawnSync(npm, ['run', '--silent', 'prove', ...options], { cwd: root, stdio: 'inherit' }).status === 0;
}

function readCalls(): GatheredCalls {
  if (!existsSync(workspace.calls))
    throw new Error('no local run has recorded calls: omit --last-run, or run npm run prove');
  return gatheredCallsSchema.parse(JSON.parse(readFileSync(workspace.calls, 'utf8')));
}

interface CheckedArchitecture {
  readonly slug: string;
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly string[];
}

function checkArchitecture({ id, slug }: { id: string; slug: string }, { calls }: GatheredCalls): CheckedArchitecture {
  const file = join(workspace.assembly, `${id}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  const grants = grantsOf(template);
  const acceptedUnused = readAcceptedUnused(root, slug);
  const own = calls.filter(({ stack, function: name }) => stack === id && grants.some((one) => one.function === name));
  const verdicts = classify(grants, operationsIn(own), acceptedUnused, template);
  const findings = [
    ...verdicts
      .filter(({ status }) => status === 'unused')
      .map(({ grant: { name, action, on } }) => `${slug}: ${name} may ${action} on ${on} and never does: remove it`),
    ...staleAcceptances(verdicts, acceptedUnused).map(
      (one) =>
        `${slug}: ${one.action} of ${one.function} is accepted as unused, but it is used or not granted: remove the entry`,
    ),
    ...unexplained(own, grants).map(
      (call) =>
        `${slug}: ${call.function} called ${call.service} ${call.operation}, which no grant explains: add it to tools/permissions/actions.ts`,
    ),
  ];
  return { slug, verdicts, findings };
}

function summaryOf(slug: string, verdicts: readonly Verdict[]): string {
  const count = (wanted: Verdict['status']): number => verdicts.filter(({ status }) => status === wanted).length;
  const counts = (['used', 'by the service', 'accepted', 'unused'] as const).map((one) => `${count(one)} ${one}`);
  return `${slug}: ${verdicts.length} permissions: ${counts.join(', ')}`;
}

void runCommand(main);
