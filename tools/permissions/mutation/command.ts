import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { readAcceptedUnused } from '../accepted-unused';
import { covers, type AcceptedUnused } from '../verdicts';
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
  readonly record: boolean;
}

/** Architectures at a time: checks of one architecture would disturb each other. */
const concurrency = 2;

/** Architecture with the grants that are removed from it. */
interface Selected {
  readonly id: string;
  readonly slug: string;
  readonly template: Template;
  readonly all: readonly Grant[];
  readonly grants: readonly Grant[];
  readonly acceptedUnused: readonly AcceptedUnused[];
  readonly recorded: RecordedPermissions;
}

/** Removes every permission in turn and prints the check that fails without it; returns whether all removals were noticed. */
export async function mutate(root: string, options: MutationOptions): Promise<boolean> {
  const workspace = workspaceOf(root);
  const known = architectures.filter(({ slug }) => options.slugs.length === 0 || options.slugs.includes(slug));
  const slugs = known.map(({ slug }) => slug);
  const stack = await LocalStack.start(workspace, slugs, options.seed);
  const found = new Map<string, Removal[]>(slugs.map((slug) => [slug, []]));
  const isEnded = endOnSignal(stack);
  const selected = known.map(({ id, slug }) => select(root, { id, slug }, options));
  try {
    const total = selected.reduce((sum, { grants }) => sum + grants.length, 0);
    const settings = clientSettings(stack.endpoint, workspace.certificate);
    const names = await namesOf(
      new CloudFormationClient(settings),
      known.map(({ id }) => id),
    );
    let done = 0;
    const environment = {
      workspace,
      stack,
      record: new FunctionRecord(workspace.faults, names),
      say: (text: string) => console.log(text),
      onResult: (slug: string, removal: Removal) => {
        done += 1;
        found.get(slug)?.push(removal);
        console.log(`${done}/${total} ${lineOf(slug, removal)}`);
      },
    };
    await pMap(
      selected,
      async ({ id, slug, template, grants, recorded }) => {
        const scenario = stack.scenarios.find((one) => one.slug === slug);
        if (scenario === undefined) throw new Error(`scenarios/${slug}.ts is no scenario`);
        const roles = await DeployedRoles.read(id, template, stack.endpoint, workspace.certificate);
        const promising = grants.flatMap((grant) => recorded[grantKey(grant)]?.noticedBy ?? []);
        await mutateStack({ slug, scenario, grants, roles, promising }, environment);
      },
      { concurrency },
    );
    return report(root, selected, found, options.record);
  } catch (error) {
    if (!isEnded()) throw error;
    console.error('stopped: earlier results are kept');
    report(root, selected, found, options.record);
    return false;
  } finally {
    stack.stop();
  }
}

function select(root: string, { id, slug }: { id: string; slug: string }, options: MutationOptions): Selected {
  const file = join(workspaceOf(root).assembly, `${id}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  const all = grantsOf(template);
  const acceptedUnused = readAcceptedUnused(root, slug);
  const recorded = readRecordedPermissions(root, slug);
  const grants = all.filter(
    (grant) =>
      isEnforced(grant, template) &&
      !acceptedUnused.some((one) => one.despite !== 'no failure' && covers(one, grant)) &&
      (options.functions.length === 0 || options.functions.includes(grant.name)) &&
      (options.actions.length === 0 || options.actions.includes(grant.action)) &&
      !(options.rest && recorded[grantKey(grant)]?.noticedBy !== undefined),
  );
  return { id, slug, template, all, grants, acceptedUnused, recorded };
}

function report(
  root: string,
  selected: readonly Selected[],
  found: ReadonlyMap<string, readonly Removal[]>,
  isRecorded: boolean,
): boolean {
  const findings = selected.flatMap(({ slug, acceptedUnused }) =>
    (found.get(slug) ?? []).flatMap((removal) => {
      const accepted = acceptedUnused.find((one) => one.despite === 'no failure' && covers(one, removal.grant));
      const row = `${slug}: ${grantKey(removal.grant)}`;
      if (removal.noticedBy === undefined && accepted === undefined) return [`${row}: no check noticed its removal`];
      if (removal.noticedBy !== undefined && accepted !== undefined) {
        return [`${row}: ${removal.noticedBy} noticed its removal, so the entry that accepts it is stale: remove it`];
      }
      return [];
    }),
  );
  console.log(`\n${[...found].map(([slug, removals]) => summaryOf(slug, removals)).join('\n')}`);
  for (const finding of findings) console.error(finding);
  if (isRecorded) write(root, selected, found);
  return findings.length === 0;
}

function write(root: string, selected: readonly Selected[], found: ReadonlyMap<string, readonly Removal[]>): void {
  for (const { slug, all, recorded } of selected) {
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

function summaryOf(slug: string, removals: readonly Removal[]): string {
  const noticed = removals.filter(({ noticedBy }) => noticedBy !== undefined);
  const by = Map.groupBy(noticed, ({ noticedBy }) => noticedBy);
  const checks = [...by].map(([check, those]) => `${check} ${those.length}`).join(', ');
  return `${slug}: ${noticed.length} of ${removals.length} removals noticed${checks === '' ? '' : ` (${checks})`}`;
}

/**
 * Ends the running checks at the first signal, so that permissions are restored and the local run is stopped; the second signal
 * ends the process.
 *
 * @returns whether a signal has come
 */
function endOnSignal(stack: LocalStack): () => boolean {
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      console.error(`\n${signal}: restoring the permission and stopping the local run`);
      stack.endChecks();
    });
  }
  return () => signals > 0;
}
