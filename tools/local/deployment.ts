import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { reservedConcurrency, setReservedConcurrency } from './after-deployment';
import { setRequestValidators, validatedMethods } from './request-validators';
import { deploy } from './cdk';
import type { Databases } from './database/databases';
import { localProxyId, type LocalDatabase } from './database/local-database';
import { readRequiredDatabase } from './database/required-database';
import { importBuckets, mountedBuckets } from './file-systems/mounted-buckets';
import { hiddenFromFunctions, type Emulator } from './emulator';
import type { Run, RunResult } from './run';
import { deployedFunctions } from './invocations/deployed-functions';
import type { InvocationObserver } from './invocations/observer';
import { localize } from './localize';
import { hostBrowserOf } from './localize/host-browser';
import { Assembly } from './localize/assembly';
import type { AppliedRule } from './localize/rule';
import { titleOf, type DeploymentPass } from './deployment-passes';
import type { StreamPollers } from './stream-poller/stream-pollers';
import type { TaskRunner } from './tasks/task-runner';
import type { Workspace } from './workspace';

/** Target of a deployment. */
export interface DeploymentTarget {
  readonly emulator: Emulator;
  readonly databases: Databases;
  readonly streamPollers: StreamPollers;
  readonly tasks: TaskRunner;
  readonly observer: InvocationObserver;
}

/** Adapts the synthesized assembly to the emulator, starts the database that its stacks need, and deploys them. */
export async function localizeAndDeploy(
  run: Run,
  { emulator, databases, streamPollers, tasks, observer }: DeploymentTarget,
  pass: DeploymentPass,
  result: RunResult,
): Promise<void> {
  const { workspace, progress } = run;
  const ids = run.architectures.filter(({ slug }) => pass.slugs.includes(slug)).map(({ id }) => id);
  const synthesized = assemblyOf(workspace, pass);
  const assembly = Assembly.read(synthesized);
  const database =
    readRequiredDatabase(assembly, ids) === undefined
      ? undefined
      : await progress.phase(titleOf(pass, 'database'), () => databases.provide(assembly, ids));
  const adapt = (): Promise<AppliedRule[]> =>
    Promise.resolve(rulesOf(ids, localizeAssembly(workspace, synthesized, emulator.endpoint, database)));
  const rules = await progress.phase(titleOf(pass, 'adapt'), adapt, { summary: adaptation });
  // A variant is a stack of the first deployment with other settings: its rules have been reported.
  const isFirst = result.rules.length === 0;
  if (isFirst) result.rules.push(...rules);
  const localized = Assembly.read(workspace.localizedAssembly);
  observer.observe(deployedFunctions(localized));
  const afterwards = reservedConcurrency(localized, ids);
  await progress.phase(titleOf(pass, 'deploy'), async (tell) => {
    const before = isFirst ? {} : readOutputs(workspace);
    await deploy(run, emulator.connection, ids, tell);
    // CDK overwrites the outputs file with those of this deployment.
    writeFileSync(workspace.outputs, JSON.stringify({ ...before, ...readOutputs(workspace) }, null, 2));
    const connection = [emulator.endpoint, workspace.certificate] as const;
    const set = await setReservedConcurrency(afterwards, ...connection);
    const validated = await setRequestValidators(validatedMethods(localized, ids), ...connection);
    if (isFirst) result.rules.push(...set, ...validated);
    await importBuckets(mountedBuckets(assembly, ids), fileSystemsOf(workspace), ...connection);
    await streamPollers.provide(localized, ids);
    tasks.provide(localized, ids);
  });
}

/** Folder into which the app is synthesized for a pass. */
export function assemblyOf({ assembly, variantAssembly }: Workspace, { variants }: DeploymentPass): string {
  return variants === undefined ? assembly : variantAssembly;
}

/** Rules with the resources of these stacks only. */
function rulesOf(stackIds: readonly string[], rules: readonly AppliedRule[]): AppliedRule[] {
  const isOfStack = (name: string): boolean => stackIds.some((id) => name === id || name.startsWith(`${id}/`));
  return rules
    .map((rule) => ({ ...rule, touched: rule.touched.filter(isOfStack) }))
    .filter(({ touched }) => touched.length > 0);
}

function adaptation(rules: readonly AppliedRule[]): string {
  const resources = rules.reduce((sum, { touched }) => sum + touched.length, 0);
  return `adapted ${resources} resources for the emulator by ${rules.length} rules (details in the report)`;
}

function localizeAssembly(
  workspace: Workspace,
  synthesized: string,
  endpoint: string,
  database: LocalDatabase | undefined,
): AppliedRule[] {
  return localize(
    { from: synthesized, to: workspace.localizedAssembly },
    {
      node: process.execPath,
      runtimeClient: workspace.runtimeClient,
      hiddenVariables: hiddenFromFunctions(),
      platform: process.platform,
      packages: join(workspace.root, 'node_modules'),
      fileSystems: fileSystemsOf(workspace),
      ...hostBrowserOf(process),
      now: new Date(),
      endpoint,
      ...(database === undefined ? {} : { database: { ...database, proxyId: localProxyId } }),
    },
  );
}

/** Folder in place of the file systems that functions mount. */
const fileSystemsOf = ({ folder }: Workspace): string => join(folder, 'file-systems');

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

export type StackOutputs = z.infer<typeof outputsSchema>;

export function readOutputs(workspace: Workspace): StackOutputs {
  return outputsSchema.parse(JSON.parse(readFileSync(workspace.outputs, 'utf8')));
}
