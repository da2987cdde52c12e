import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcesses } from './child-processes';
import { endRun, endRunNow } from './process-cleanup';
import { isAlive } from './process-identity';
import { claim, isActive, readRunRecord, removeRunRecord, writeRunRecord, type RunRecord } from './run-record';
import type { Workspace } from './workspace';

/** How long a run that is asked to end may take over it. */
const stopWithinMilliseconds = 15_000;

/** Another run has this checkout: its message is one sentence with who, since when and how to end it. */
export class CheckoutTakenError extends Error {
  override readonly name = 'CheckoutTakenError';
}

/**
 * Takes the checkout for a run, after ending what an earlier run left behind that could not tidy up.
 *
 * @returns what was ended
 * @throws CheckoutTakenError where another run is going or a stack was left up on purpose
 */
export async function takeCheckout(workspace: Workspace, record: RunRecord): Promise<string[]> {
  const ended: string[] = [];
  while (!claim(workspace.runRecord, record)) {
    const other = readRunRecord(workspace.runRecord);
    if (other === undefined) continue;
    if (isActive(other)) throw new CheckoutTakenError(taken(other));
    ended.push(...(await endRun(other)));
    // Whoever else found the same leftovers may have taken the checkout meanwhile.
    if (readRunRecord(workspace.runRecord)?.id === other.id) removeRunRecord(workspace.runRecord);
  }
  return ended;
}

/** Ends what runs in this checkout, whether it is a run, a stack that was left up, or leftovers; says what it was. */
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
  removeRunRecord(workspace.runRecord);
  const what = record.kept ? 'the stack that was left up' : 'the run';
  return `ended ${what} of ${timeOf(record)}${ended.length === 0 ? '' : `: ${ended.join(', ')}`}`;
}

/** Keeps the record true while the run starts and ends processes, and clears up when it ends. */
export class Checkout {
  constructor(
    private readonly workspace: Workspace,
    private record: RunRecord,
  ) {}

  update(change: Partial<RunRecord>): void {
    this.record = { ...this.record, ...change };
    writeRunRecord(this.workspace.runRecord, this.record);
  }

  /** Ends every process of the run and gives the checkout back. */
  async release(children: ChildProcesses): Promise<void> {
    await children.endAll();
    await endRun(this.record);
    removeRunRecord(this.workspace.runRecord);
  }

  /** The same at once, for an exit that cannot wait; does nothing for a stack that was left up. */
  releaseNow(): void {
    if (this.record.kept || readRunRecord(this.workspace.runRecord)?.id !== this.record.id) return;
    endRunNow(this.record);
    removeRunRecord(this.workspace.runRecord);
  }
}

function taken(record: RunRecord): string {
  const end = 'end it with npm run local -- --stop';
  if (!record.kept) {
    return `a local run is going in this checkout (pid ${record.owner.pid}, since ${timeOf(record)}): wait for it, or ${end}`;
  }
  const pids = record.children.map(({ pid }) => pid).join(', ');
  return `a local stack was left up in this checkout (pid ${pids}, since ${timeOf(record)}): use it by source .local/env, or ${end}`;
}

function timeOf({ startedAt }: RunRecord): string {
  return new Date(startedAt).toTimeString().slice(0, 8);
}
