import type { Account } from './account';
import { deploy, type CdkRun } from './cdk';
import { isConnectionError } from './connection';
import type { RunFolder } from './run-folder';
import { destroyStack, settledStack, type StackWait } from './stack';

/** Tries of a deployment that ends because the connection is lost. */
const mostTries = 5;

/**
 * Deploys a stack, again after a lost connection. What a failed deletion of this command left is deleted first.
 *
 * @throws Error for a stack of somebody else whose deletion has failed
 */
export async function deployStack(
  what: {
    readonly account: Account;
    readonly stack: string;
    readonly slug: string;
    readonly folder: RunFolder;
    readonly cdk: CdkRun;
    readonly assembly: string;
  },
  wait: StackWait,
  tell: (status: string) => void,
): Promise<void> {
  const { account, stack } = what;
  for (let tries = 1; ; tries++) {
    const before = await settledStack(account, stack, wait);
    if (before?.StackStatus === 'DELETE_FAILED') {
      if (!what.folder.isOwn(before)) {
        throw new Error(`the deletion of ${stack} has failed: end it first (npm run ops -- ${what.slug} purge)`);
      }
      await destroyStack(account, stack, wait);
    }
    try {
      await deploy(what.cdk, what.assembly, stack, tell);
      return;
    } catch (error) {
      if (tries >= mostTries || !isConnectionError(error)) throw error;
    }
  }
}
