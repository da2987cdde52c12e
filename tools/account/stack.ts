import { DeleteStackCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRemains, type Remains } from '../../operations/purge/find-remains';
import { purge } from '../../operations/purge/purge';
import { deployedStack } from '../../operations/purge/stack-resources';
import type { Account } from './account';
import { withConnection, type ConnectionWait } from './connection';

export interface StackWait extends ConnectionWait {
  /** Receives the status while it lasts. */
  readonly onStatus?: (status: string) => void;
}

/** Waits until nothing is in progress on the stack; undefined where there is none. */
export async function settledStack(
  { cloudFormation }: Account,
  name: string,
  wait: StackWait,
): Promise<Stack | undefined> {
  for (;;) {
    const stack = await withConnection(() => deployedStack(cloudFormation, name), wait);
    const { StackStatus: status = '' } = stack ?? {};
    // A stack in review has a change set and nothing else.
    if (!status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS') return stack;
    wait.onStatus?.(status);
    await sleep(wait.everyMilliseconds ?? 5_000, undefined, { signal: wait.signal }).catch(() => undefined);
  }
}

const mostTries = 3;

/**
 * Deletes the stack with its data, buckets that are not empty at that time too, and removes what it leaves. What earlier stacks
 * of that name have kept is not touched.
 *
 * @param stackId of the stack where it may have been deleted already
 * @returns what stays
 * @throws Error where the stack cannot be deleted
 */
export async function destroyStack(
  account: Account,
  name: string,
  wait: StackWait,
  stackId?: string,
): Promise<Remains> {
  const { signal, say } = wait;
  const ids = new Set(stackId === undefined ? [] : [stackId]);
  const remains = (): Promise<Remains> =>
    withConnection(() => findRemains(account, name, new Date(), (id) => ids.has(id)), wait);
  const clear = async (): Promise<void> => {
    await purge(account, await remains(), { signal, say, confirm: () => Promise.resolve(true) });
  };
  for (let tries = 0; ; tries++) {
    const stack = await settledStack(account, name, wait);
    if (stack === undefined) break;
    ids.add(stack.StackId ?? '');
    if (tries === mostTries) {
      throw new Error(
        `${name} has the status ${stack.StackStatus ?? ''}: ${stack.StackStatusReason ?? 'no reason is given'}`,
      );
    }
    // The function that empties buckets runs once; what arrived since, such as access logs, is for the purge.
    if (stack.StackStatus === 'DELETE_FAILED') await withConnection(clear, wait);
    await withConnection(() => account.cloudFormation.send(new DeleteStackCommand({ StackName: name })), wait);
    await sleep(wait.everyMilliseconds ?? 5_000);
  }
  await withConnection(clear, wait);
  return remains();
}
