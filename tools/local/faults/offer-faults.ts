import { readFileSync } from 'node:fs';
import type { Workspace } from '../workspace';
import { startFaultControl, type FaultControl } from './fault-control';
import { LocalFaults } from './fault-injector';

/**
 * Starts fault injection for the scenarios of a local run.
 *
 * @param database returns the URL of the database's control, if there is one
 */
export async function offerFaults(
  workspace: Pick<Workspace, 'certificate' | 'certificateKey' | 'faults'>,
  endpoint: string,
  database?: () => string | undefined,
): Promise<FaultControl> {
  const certificate = readFileSync(workspace.certificate, 'utf8');
  const key = readFileSync(workspace.certificateKey, 'utf8');
  return startFaultControl(new LocalFaults(workspace.faults, { endpoint, certificate, key }, database));
}
