import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate } from '../../local/certificate';
import { ChildProcesses } from '../../local/child-processes';
import { workspaceOf, type Workspace } from '../../local/workspace';

export interface Ground {
  readonly workspace: Workspace;
  readonly children: ChildProcesses;
  readonly temporaryFolder: string;
}

/** What parts of the local run need, with logs of its own; every process and file is gone after `act`. */
export async function onLocalGround<Result>(root: string, act: (ground: Ground) => Promise<Result>): Promise<Result> {
  const local = workspaceOf(root);
  const workspace: Workspace = { ...local, log: (part) => join(local.folder, `bench-${part}.log`) };
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
