import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { executionStatus, readFile, type FilesDeployment } from './files-deployment';

/** The file is not in a state that can be replayed; the message says why. */
export class ReplayRefusedError extends Error {
  override readonly name = 'ReplayRefusedError';
}

/**
 * Sends a file through the state machine again, with the datasets as they are deployed now. What it has loaded already stays as it is.
 *
 * The execution names the one that it follows, so that a repeated command is carried out once.
 *
 * @returns the ARN of the execution
 * @throws ReplayRefusedError
 */
export async function replayFile(deployment: FilesDeployment, fileId: string): Promise<string> {
  const file = await readFile(deployment, fileId);
  if (file === undefined) throw new ReplayRefusedError(`no file '${fileId}': check the id, or give another --stage`);
  const { bucket, key, versionId, status, execution } = file;
  if (status === 'loaded') throw new ReplayRefusedError(`${fileId} is loaded: there is nothing to replay`);
  if ((await executionStatus(deployment, execution)) === 'RUNNING') {
    throw new ReplayRefusedError(`the execution of ${fileId} is running: wait for it, or stop it first`);
  }
  const object = { key, 'version-id': versionId };
  const { executionArn = '' } = await deployment.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: deployment.output('EtlStateMachineArn'),
      input: JSON.stringify({ detail: { bucket: { name: bucket }, object }, replaces: execution }),
    }),
  );
  return executionArn;
}
