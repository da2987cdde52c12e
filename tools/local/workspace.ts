import { join } from 'node:path';

/** Files of local runs in one checkout: all below `.local/`, which can be deleted at any time. */
export interface Workspace {
  /** Top folder of the checkout. */
  readonly root: string;
  /** `.local/` itself. */
  readonly folder: string;
  /** Active run with its processes. */
  readonly runRecord: string;
  readonly venv: string;
  readonly certificate: string;
  readonly certificateKey: string;
  /** Output of `cdk synth` for the first deployment, with which permissions are compared. */
  readonly assembly: string;
  /** The same for a deployment of variants. */
  readonly variantAssembly: string;
  /** Copy that is adapted to the emulator; this is deployed. */
  readonly localizedAssembly: string;
  /** Lambda runtime of the functions, as one JavaScript file. */
  readonly runtimeClient: string;
  /** Contains the AWS SDK alone, as AWS's Node runtime does. */
  readonly runtimePackages: string;
  readonly outputs: string;
  /** Shell exports for connecting to a deployed stack. */
  readonly environmentFile: string;
  readonly report: string;
  readonly reportPage: string;
  readonly scenarioReport: string;
  /** In the folder of the scenario report, so that paths of pictures are relative to the same folder. */
  variantReport(name: string): string;
  /** Folder through which faults reach functions. */
  readonly faults: string;
  /** Folder in which functions publish their credentials for the database and EC2 proxies. */
  readonly callers: string;
  /** API calls of the functions in the last run. */
  readonly calls: string;
  readonly cdkHome: string;
  /** Log of one part of the run, such as `emulator` or `deploy`. */
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
    variantAssembly: join(folder, 'variant-assembly'),
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
