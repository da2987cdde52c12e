import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcesses } from './child-processes';
import { endRun, endRunNow } from './process-cleanup';
import { isAlive } from './process-identity';
import {
  createRunRecord,
  isActive,
  readRunRecord,
  removeRunRecord,
  writeRunRecord,
  type RunRecord,
} from './run-record';
import type { Workspace } from './workspace';

/** Time that a run has to end after SIGTERM. */
const stopWithinMilliseconds = 15_000;

/** Thrown where another run owns the checkout; the message names its process, its start and the command that ends it. */
export class CheckoutTakenError extends Error {
  override readonly name = 'CheckoutTakenError';
}

/**
 * Reserves the checkout for a run, after ending the processes of an earlier run that crashed.
 *
 * @returns the processes that were ended
 * @throws CheckoutTakenError where another run is active or a stack stays deployed
 */
export async function takeCheckout(workspace: Workspace, record: RunRecord): Promise<string[]> {
  const ended: string[] = [];
  while (!createRunRecord(workspace.runRecord, record)) {
    const other = readRunRecord(workspace.runRecord);
    if (other === undefined) continue;
    if (isActive(other)) throw new CheckoutTakenError(taken(other));
    ended.push(...(await endRun(other)));
    // Another run may have cleaned up the same processes and taken the checkout meanwhile.
    if (readRunRecord(workspace.runRecord)?.id === other.id) removeRunRecord(workspace.runRecord);
  }
  return ended;
}

/** Ends the run or stack of this checkout, or what a crashed run left behind; returns a message that names it. */
export async function stopCheckout(workspace: Workspace): Promise<string> {
  const record = readRunRecord(workspace.runRecord);
  if (record === undefined) return 'nothing runs in this checkout';
  if (!record.kept && isAlive(record.owner)) {
    process.kill(record.owner.pid, 'SIGTERM');
    const deadline = Date.now() + stopWithinMilliseconds;
    while (isAlive(record.owner) && Date.now() < deadline) await sleep(50);
    if (isAlive(record.owner)) process.kill(record.owner.pid, 'SIGKILL');
  }
  // The record may have gone with its owner, or may name children that were started since it was read.
  const last = readRunRecord(workspace.runRecord);
  const ended = await endRun(last?.id === record.id ? last : record);
  removeRun(workspace);
  const what = record.kept ? 'the deployed stack' : 'the run';
  return `ended ${what} of ${timeOf(record)}${ended.length === 0 ? '' : `: ${ended.join(', ')}`}`;
}

/** Keeps the run record up to date and cleans up at the end of the run. */
export class Checkout {
  constructor(
    private readonly workspace: Workspace,
    private record: RunRecord,
  ) {}

  update(change: Partial<RunRecord>): void {
    this.record = { ...this.record, ...change };
    writeRunRecord(this.workspace.runRecord, this.record);
  }

  /** Ends every process of the run and removes its record. */
  async release(children: ChildProcesses): Promise<void> {
    await children.endAll();
    await endRun(this.record);
    removeRun(this.workspace);
  }

  /** The same without waiting, for process exit; does nothing for a stack that stays deployed. */
  releaseNow(): void {
    if (this.record.kept || readRunRecord(this.workspace.runRecord)?.id !== this.record.id) return;
    endRunNow(this.record);
    removeRun(this.workspace);
  }
}

/** Removes the record of a run that has ended, and the shell exports that point at its emulator. */
function removeRun({ runRecord, environmentFile }: Workspace): void {
  rmSync(environmentFile, { force: true });
  removeRunRecord(runRecord);
}

function taken(record: RunRecord): string {
  const end = 'end it with npm run local -- --stop';
  if (!record.kept) {
    return `a local run is active in this checkout (pid ${record.owner.pid}, since ${timeOf(record)}): wait for it, or ${end}`;
  }
  const pids = record.children.map(({ pid }) => pid).join(', ');
  return `a local stack is deployed in this checkout (pid ${pids}, since ${timeOf(record)}): connect with source .local/env, or ${end}`;
}

function timeOf({ startedAt }: RunRecord): string {
  return new Date(startedAt).toTimeString().slice(0, 8);
}
