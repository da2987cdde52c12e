import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../operations/command-line/command';
import { architectures } from '../../../lib/architectures';
import { namesOf } from '../../local/calls/gather';
import { clientSettings } from '../../local/client-settings';
import { workspaceOf } from '../../local/workspace';
import pMap from 'p-map';
import type { Template } from '../../template/template';
import { isEnforced } from '../by-the-service';
import { grantsOf, type Grant } from '../../template/grants';
import {
  grantKey,
  readRecordedPermissions,
  withChanges,
  writeRecordedPermissions,
  type RecordedPermissions,
} from '../recorded-permissions';
import { readReserves } from '../reserves';
import { covers, type Reserve } from '../verdicts';
import { FunctionRecord } from './function-record';
import { DeployedRoles } from './iam-roles';
import { LocalStack } from './local-stack';
import { mutateStack } from './mutate-stack';
import type { Removal } from './outcome';

export interface MutationOptions {
  /** Empty for all. */
  readonly slugs: readonly string[];
  /** Construct ids of functions; empty for all. */
  readonly functions: readonly string[];
  /** Empty for all. */
  readonly actions: readonly string[];
  /** Only those whose removal no check is known to notice. */
  readonly rest: boolean;
  readonly seed: string | undefined;
  readonly write: boolean;
}

/** Checks would disturb each other's functions, and two cores carry no more. */
const sideBySide = 2;

/** One architecture, and what is taken away from it. */
interface Chosen {
  readonly id: string;
  readonly slug: string;
  readonly template: Template;
  readonly all: readonly Grant[];
  readonly grants: readonly Grant[];
  readonly reserves: readonly Reserve[];
  readonly recorded: RecordedPermissions;
}

/** Takes every permission away in turn and says which check fails for it; gives whether all is as it has to be. */
export async function mutate(root: string, options: MutationOptions): Promise<boolean> {
  const workspace = workspaceOf(root);
  const known = architectures.filter(({ slug }) => options.slugs.length === 0 || options.slugs.includes(slug));
  const unknown = options.slugs.find((slug) => !known.some((one) => one.slug === slug));
  if (unknown !== undefined) throw new UsageError(`unknown architecture '${unknown}' (--help)`);
  const slugs = known.map(({ slug }) => slug);
  const stack = await LocalStack.start(workspace, slugs, options.seed);
  const found = new Map<string, Removal[]>(slugs.map((slug) => [slug, []]));
  const isEnded = endOnSignal(stack);
  const chosen = known.map(({ id, slug }) => choose(root, { id, slug }, options));
  try {
    const total = chosen.reduce((sum, { grants }) => sum + grants.length, 0);
    const settings = clientSettings(stack.endpoint, workspace.certificate);
    const names = await namesOf(
      new CloudFormationClient(settings),
      known.map(({ id }) => id),
    );
    let done = 0;
    const surroundings = {
      workspace,
      stack,
      record: new FunctionRecord(workspace.faults, names),
      say: (text: string) => console.log(text),
      found: (slug: string, removal: Removal) => {
        done += 1;
        found.get(slug)?.push(removal);
        console.log(`${done}/${total} ${lineOf(slug, removal)}`);
      },
    };
    await pMap(
      chosen,
      async ({ id, slug, template, grants, recorded }) => {
        const scenario = stack.scenarios.find((one) => one.slug === slug);
        if (scenario === undefined) throw new Error(`scenarios/${slug}.ts is no scenario`);
        const roles = await DeployedRoles.read(id, template, stack.endpoint, workspace.certificate);
        const promising = grants.flatMap((grant) => recorded[grantKey(grant)]?.noticedBy ?? []);
        await mutateStack({ slug, scenario, grants, roles, promising }, surroundings);
      },
      { concurrency: sideBySide },
    );
    return judge(root, chosen, found, options.write);
  } catch (error) {
    if (!isEnded()) throw error;
    console.error('stopped: what was found before stands');
    judge(root, chosen, found, options.write);
    return false;
  } finally {
    stack.stop();
  }
}

function choose(root: string, { id, slug }: { id: string; slug: string }, options: MutationOptions): Chosen {
  const file = join(workspaceOf(root).assembly, `${id}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  const all = grantsOf(template);
  const reserves = readReserves(root, slug);
  const recorded = readRecordedPermissions(root, slug);
  const grants = all.filter(
    (grant) =>
      isEnforced(grant, template) &&
      !reserves.some((one) => one.despite !== 'no failure' && covers(one, grant)) &&
      (options.functions.length === 0 || options.functions.includes(grant.name)) &&
      (options.actions.length === 0 || options.actions.includes(grant.action)) &&
      !(options.rest && recorded[grantKey(grant)]?.noticedBy !== undefined),
  );
  return { id, slug, template, all, grants, reserves, recorded };
}

function judge(
  root: string,
  chosen: readonly Chosen[],
  found: ReadonlyMap<string, readonly Removal[]>,
  isWritten: boolean,
): boolean {
  const complaints = chosen.flatMap(({ slug, reserves }) =>
    (found.get(slug) ?? []).flatMap((removal) => {
      const reserve = reserves.find((one) => one.despite === 'no failure' && covers(one, removal.grant));
      const row = `${slug}: ${grantKey(removal.grant)}`;
      if (removal.noticedBy === undefined && reserve === undefined) return [`${row}: nothing notices its removal`];
      if (removal.noticedBy !== undefined && reserve !== undefined) {
        return [`${row}: ${removal.noticedBy} notices its removal, so its reserve keeps nothing: take the line away`];
      }
      return [];
    }),
  );
  console.log(`\n${[...found].map(([slug, removals]) => sumOf(slug, removals)).join('\n')}`);
  for (const complaint of complaints) console.error(complaint);
  if (isWritten) write(root, chosen, found);
  return complaints.length === 0;
}

function write(root: string, chosen: readonly Chosen[], found: ReadonlyMap<string, readonly Removal[]>): void {
  for (const { slug, all, recorded } of chosen) {
    const noticed = new Map((found.get(slug) ?? []).map(({ grant, noticedBy }) => [grantKey(grant), noticedBy]));
    const change = (key: string) => (noticed.has(key) ? { noticedBy: noticed.get(key) } : undefined);
    writeRecordedPermissions(root, slug, withChanges(recorded, all.map(grantKey), change));
    console.log(`written: scenarios/${slug}/recorded-permissions.json`);
  }
}

function lineOf(slug: string, { grant, noticedBy, because }: Removal): string {
  const outcome = noticedBy === undefined ? `NOT NOTICED: ${because}` : `noticed by ${noticedBy}: ${because}`;
  return `${slug}: without ${grant.action} on ${grant.on}, ${grant.name}: ${outcome.slice(0, 300)}`;
}

function sumOf(slug: string, removals: readonly Removal[]): string {
  const noticed = removals.filter(({ noticedBy }) => noticedBy !== undefined);
  const by = Map.groupBy(noticed, ({ noticedBy }) => noticedBy);
  const checks = [...by].map(([check, those]) => `${check} ${those.length}`).join(', ');
  return `${slug}: ${noticed.length} of ${removals.length} removals noticed${checks === '' ? '' : ` (${checks})`}`;
}

/**
 * The first signal ends what runs, so that permissions are given back and the stack is taken down; the second ends all.
 *
 * @returns whether there has been one
 */
function endOnSignal(stack: LocalStack): () => boolean {
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      console.error(`\n${signal}: gives the permission back and takes the stack down`);
      void stack.endChecks();
    });
  }
  return () => signals > 0;
}
