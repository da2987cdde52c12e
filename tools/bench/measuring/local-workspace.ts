import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate } from '../../local/certificate';
import { ChildProcesses } from '../../local/child-processes';
import { workspaceOf, type Workspace } from '../../local/workspace';

/** Parts of the local run for a benchmark. */
export interface LocalWorkspace {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
  readonly temporaryFolder: string;
}

/** Calls `act` with a workspace whose logs are the benchmark's own, then ends every process and removes every file. */
export async function withLocalWorkspace<Result>(
  root: string,
  act: (local: LocalWorkspace) => Promise<Result>,
): Promise<Result> {
  const ofRoot = workspaceOf(root);
  const workspace: Workspace = { ...ofRoot, log: (part) => join(ofRoot.folder, `bench-${part}.log`) };
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'bench-'));
  const children = new ChildProcesses(`bench-${process.pid}`, () => undefined);
  try {
    ensureCertificate({ certificate: workspace.certificate, key: workspace.certificateKey }, new Date());
    return await act({ workspace, children, temporaryFolder });
  } finally {
    await children.endAll();
    rmSync(temporaryFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}
