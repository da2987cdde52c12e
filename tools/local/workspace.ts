import { join } from 'node:path';

/** Where a local run of one checkout keeps its files: all of it under `.local/`, which is thrown away by `rm -rf`. */
export interface Workspace {
  /** The checkout's top folder. */
  readonly root: string;
  /** `.local/` itself. */
  readonly folder: string;
  /** Which run is going, by whom, and every process of it. */
  readonly runRecord: string;
  readonly venv: string;
  readonly certificate: string;
  readonly certificateKey: string;
  /** What `cdk synth` wrote. */
  readonly assembly: string;
  /** The copy that the rules have rewritten; this is deployed. */
  readonly localizedAssembly: string;
  /** The Lambda runtime that functions start with, as one JavaScript file. */
  readonly runtimeClient: string;
  /** Holds the AWS SDK alone, as AWS's Node runtime does. */
  readonly runtimePackages: string;
  readonly outputs: string;
  /** Shell exports for talking to a stack that is left up. */
  readonly environmentFile: string;
  readonly report: string;
  readonly reportPage: string;
  readonly scenarioReport: string;
  /** Beside the scenario report, so that its pictures are found from there too. */
  variantReport(name: string): string;
  /** How faults reach functions. */
  readonly faults: string;
  /** Where functions lend the database's door their keys. */
  readonly callers: string;
  /** What the functions called in the last run. */
  readonly calls: string;
  readonly cdkHome: string;
  /** The log of one part of the run, such as `emulator` or `deploy`. */
  log(part: string): string;
}

export function workspaceOf(root: string): Workspace {
  const folder = join(root, '.local');
  return {
    root,
    folder,
    runRecord: join(folder, 'run.json'),
    venv: join(folder, 'venv'),
    certificate: join(folder, 'tls', 'server.crt'),
    certificateKey: join(folder, 'tls', 'server.key'),
    assembly: join(folder, 'assembly'),
    localizedAssembly: join(folder, 'localized'),
    runtimeClient: join(folder, 'runtime', 'client.js'),
    runtimePackages: join(folder, 'runtime', 'node_modules'),
    outputs: join(folder, 'outputs.json'),
    environmentFile: join(folder, 'env'),
    report: join(folder, 'report.json'),
    reportPage: join(folder, 'report.html'),
    scenarioReport: join(folder, 'scenarios', 'report.json'),
    variantReport: (name) => join(folder, 'scenarios', `${name}.json`),
    faults: join(folder, 'faults'),
    callers: join(folder, 'callers'),
    calls: join(folder, 'calls.json'),
    cdkHome: join(folder, 'cdk'),
    log: (part) => join(folder, `${part}.log`),
  };
}
