import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { reservedConcurrency, setReservedConcurrency } from './after-deployment';
import { bundleRuntime } from './bundle-runtime';
import { bootstrap, deploy, synthesize } from './cdk';
import { ensureCertificate } from './certificate';
import type { Checkout } from './checkout';
import type { ChildProcesses } from './child-processes';
import type { RunOptions } from './command-line';
import { writeEnvironmentFile } from './connection';
import { hiddenFromFunctions, startEmulator, type Emulator } from './emulator';
import { limitsOf } from './limits';
import { localize } from './localize';
import { Assembly } from './localize/assembly';
import type { AppliedRule } from './localize/rule';
import type { Progress } from './progress';
import { findPython, installEmulator } from './python';
import { machine } from './report';
import type { ArchitectureReport, RunReport } from './run-report';
import { runScenarios } from './scenario-run';
import type { Workspace } from './workspace';

/** What the run needs of the registry. */
export interface RegisteredArchitecture {
  readonly id: string;
  readonly slug: string;
  readonly flow: string;
}

export interface Run {
  readonly workspace: Workspace;
  readonly checkout: Checkout;
  readonly children: ChildProcesses;
  readonly progress: Progress;
  readonly options: RunOptions;
  /** Those that the run deploys. */
  readonly architectures: readonly RegisteredArchitecture[];
}

/** What a run has found so far; it grows while the run goes on, so that a failure is told with what came before it. */
export type Findings = Pick<RunReport, 'machine' | 'emulator' | 'architectures' | 'rules' | 'scenarios'>;

export function noFindings(): Findings {
  return {
    machine: machine('unknown'),
    emulator: { name: 'MiniStack', version: 'not started' },
    architectures: [],
    rules: [],
  };
}

/**
 * Deploys the app to an emulator on this machine and runs its scenarios.
 *
 * @returns whether all of them passed
 * @throws Error whose message says what failed, with the tail of the log that tells why
 */
export async function runLocally(run: Run, findings: Findings): Promise<boolean> {
  const { workspace, progress, children, options } = run;
  const python = await findPython(process.env['PYTHON']);
  findings.machine = machine(python.version);
  const installed = await progress.phase('install', (tell) => installEmulator(python, workspace, children, tell));

  const prepared = progress.phase('synthesize', (tell) => synthesize(run, options.overrides, tell));
  const [emulator] = await Promise.all([startAndBootstrap(run, installed), prepared]);
  findings.emulator = { name: 'MiniStack', version: emulator.version };
  findings.architectures = describe(run);

  await progress.phase('localize', () => Promise.resolve(findings.rules.push(...localizeAssembly(workspace))));
  for (const rule of findings.rules) progress.say(`    ${rule.name}: ${rule.touched.join(', ')}`);

  const ids = run.architectures.map(({ id }) => id);
  const afterwards = reservedConcurrency(Assembly.read(workspace.localizedAssembly), ids);
  await progress.phase('deploy', async (tell) => {
    await deploy(run, emulator.connection, ids, tell);
    findings.rules.push(...(await setReservedConcurrency(afterwards, emulator.endpoint, workspace.certificate)));
  });
  findings.architectures = describe(run, readOutputs(workspace));
  writeEnvironmentFile(workspace, emulator.connection);

  const slugs = run.architectures.map(({ slug }) => slug);
  const { passed, report, failure } = await progress.phase(options.prove ? 'proofs' : 'tours', (tell) =>
    runScenarios(workspace, children, emulator.connection, { ...options, slugs }, (text) => {
      tell(text);
      progress.forward(text);
    }),
  );
  if (report !== undefined) findings.scenarios = report;
  if (failure !== undefined) throw failure;
  if (report === undefined) throw new Error(`the scenarios wrote no report: see ${workspace.log('scenarios')}`);
  return passed;
}

async function startAndBootstrap(run: Run, python: string): Promise<Emulator> {
  const { workspace, children, progress, checkout } = run;
  ensureCertificate({ certificate: workspace.certificate, key: workspace.certificateKey }, new Date());
  bundleRuntime(workspace);
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'local-run-'));
  checkout.update({ temporaryFolder });
  const emulator = await progress.phase('emulator', () =>
    startEmulator({ workspace, children, python, temporaryFolder }),
  );
  await progress.phase('bootstrap', (tell) => bootstrap(run, emulator.connection, tell));
  return emulator;
}

function localizeAssembly(workspace: Workspace): AppliedRule[] {
  return localize(
    { from: workspace.assembly, to: workspace.localizedAssembly },
    {
      node: process.execPath,
      runtimeClient: workspace.runtimeClient,
      hiddenVariables: hiddenFromFunctions(),
      platform: process.platform,
      packages: join(workspace.root, 'node_modules'),
      fileSystems: join(workspace.folder, 'file-systems'),
      now: new Date(),
    },
  );
}

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

function readOutputs(workspace: Workspace): z.infer<typeof outputsSchema> {
  return outputsSchema.parse(JSON.parse(readFileSync(workspace.outputs, 'utf8')));
}

function describe(run: Run, outputs: z.infer<typeof outputsSchema> = {}): ArchitectureReport[] {
  const { stacks } = Assembly.read(run.workspace.assembly);
  return run.architectures.map(({ id, slug, flow }) => {
    const template = stacks.find((stack) => stack.id === id)?.template;
    if (template === undefined) throw new Error(`the app has no stack '${id}', which the registry lists`);
    const override = run.options.overrides.find((one) => one.slug === slug);
    const overrides = z.record(z.string(), z.json()).parse(override === undefined ? {} : JSON.parse(override.json));
    return { id, slug, flow, outputs: outputs[id] ?? {}, overrides, limits: limitsOf(template) };
  });
}
