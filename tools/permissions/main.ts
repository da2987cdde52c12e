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
import { readReserves } from './reserves';
import { judge, operationsIn, staleReserves, unexplained, type Verdict } from './verdicts';

const root = join(__dirname, '..', '..');
const workspace = workspaceOf(root);

const help = `Holds what every function may do against what it does in the proofs of the local run.

  npm run least-privilege [-- --option …]
  npm run least-privilege -- --mutate [slug …] [--option …]

  --last-run         judges the last local run instead of running all proofs (minutes) first
  --help             this text

  --mutate           takes each permission away in turn and runs the checks that need it: one of them has to fail
                     (a quarter of an hour and more for all architectures)
  slug               architectures, such as image-resize; without one: all
  --function <name>  only the role of this function, such as ResizeImage; may be repeated
  --action <action>  only this action, such as s3:GetObject; may be repeated
  --rest             only permissions whose removal no check is known to notice
  --write            records the checks that noticed in scenarios/<slug>/recorded-permissions.json
  --seed <n>         repeats the random choices of the checks

An action or a resource that is granted and never used fails this, unless lib/<slug>/reserved-permissions.json has a line with
the reason. So does a permission whose removal nothing notices: a removal is noticed where the function was refused for want of
the permission and a check failed, or had not ended long after its usual time. Exit code: 0 nothing to complain of, 1 something is, 2 wrong usage.`;

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
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const { write: isWritten, function: functions, action: actions, rest, seed } = values;
  if (values.mutate) return (await mutate(root, { slugs, functions, actions, rest, seed, write: isWritten })) ? 0 : 1;
  if (isWritten || rest || slugs.length + functions.length + actions.length > 0) {
    throw new UsageError('slugs, --function, --action, --rest and --write are for removals: add --mutate');
  }
  if (!values['last-run'] && !prove()) {
    console.error('the proofs failed: mend them first, then judge permissions');
    return 1;
  }
  const gathered = readCalls();
  if (!gathered.proved) console.error('the last run was one of smoke tests: what only proofs call counts as unused');
  const judged = architectures.filter(({ id }) => gathered.stacks.includes(id)).map((one) => judgeOne(one, gathered));
  for (const { slug, verdicts } of judged) console.log(sumOf(slug, verdicts));
  const complaints = judged.flatMap(({ complaints: own }) => own);
  for (const complaint of complaints) console.error(complaint);
  return complaints.length === 0 ? 0 : 1;
}

function prove(): boolean {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return spawnSync(npm, ['run', '--silent', 'prove'], { cwd: root, stdio: 'inherit' }).status === 0;
}

function readCalls(): GatheredCalls {
  if (!existsSync(workspace.calls))
    throw new Error('no calls of a local run: leave --last-run out, or run npm run prove');
  return gatheredCallsSchema.parse(JSON.parse(readFileSync(workspace.calls, 'utf8')));
}

interface Judged {
  readonly slug: string;
  readonly verdicts: readonly Verdict[];
  readonly complaints: readonly string[];
}

function judgeOne({ id, slug }: { id: string; slug: string }, { calls }: GatheredCalls): Judged {
  const file = join(workspace.assembly, `${id}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  const grants = grantsOf(template);
  const reserves = readReserves(root, slug);
  const own = calls.filter(({ stack, function: name }) => stack === id && grants.some((one) => one.function === name));
  const verdicts = judge(grants, operationsIn(own), reserves, template);
  const complaints = [
    ...verdicts
      .filter(({ status }) => status === 'unused')
      .map(({ grant: { name, action, on } }) => `${slug}: ${name} may ${action} on ${on} and never does: take it away`),
    ...staleReserves(verdicts, reserves).map(
      (one) => `${slug}: the reserve of ${one.function} for ${one.action} keeps nothing: take its line away`,
    ),
    ...unexplained(own, grants).map(
      (call) =>
        `${slug}: ${call.function} called ${call.service} ${call.operation}, which no grant explains: add it to tools/permissions/actions.ts`,
    ),
  ];
  return { slug, verdicts, complaints };
}

function sumOf(slug: string, verdicts: readonly Verdict[]): string {
  const count = (status: Verdict['status']): number => verdicts.filter((one) => one.status === status).length;
  const [used, service, reserved, unused] = [
    count('used'),
    count('by the service'),
    count('reserved'),
    count('unused'),
  ];
  return `${slug}: ${used} permissions used, ${service} by the service, ${reserved} reserved, ${unused} unused`;
}

void runCommand(main);
