import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, processesOfRun, type ProcessIdentity } from './process-identity';
import type { RunRecord } from './run-record';

/** Time that a process group has to end after SIGTERM; the emulator needs about a second. */
const graceMilliseconds = 1_500;

/**
 * Ends a process group of a run: SIGTERM, a grace period, SIGKILL.
 *
 * @param leader left alone where its pid belongs to another process now
 */
export async function endGroup(leader: ProcessIdentity, grace = graceMilliseconds): Promise<void> {
  if (!isAlive(leader)) return;
  signalGroup(leader.pid, 'SIGTERM');
  const deadline = Date.now() + grace;
  while (isAlive(leader) && Date.now() < deadline) await sleep(25);
  signalGroup(leader.pid, 'SIGKILL');
}

/** Ends the processes of a run and removes its temporary folder; returns the names of those that were alive. */
export async function endRun(record: RunRecord): Promise<string[]> {
  const ended = record.children.filter((child) => isAlive(child)).map((child) => `${child.what} (pid ${child.pid})`);
  await Promise.all(record.children.map((child) => endGroup(child)));
  for (const pid of processesOfRun(record.id)) {
    signal(pid, 'SIGKILL');
    ended.push(`pid ${pid}`);
  }
  if (record.temporaryFolder !== undefined) removeFolder(record.temporaryFolder);
  return ended;
}

/** The same without waiting, for process exit. */
export function endRunNow(record: RunRecord): void {
  for (const child of record.children) if (isAlive(child)) signalGroup(child.pid, 'SIGKILL');
  for (const pid of processesOfRun(record.id)) signal(pid, 'SIGKILL');
  if (record.temporaryFolder !== undefined) removeFolder(record.temporaryFolder);
}

function signalGroup(leader: number, name: NodeJS.Signals): void {
  // A negative number means the whole group (kill(2)).
  signal(-leader, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended.
  }
}

function removeFolder(folder: string): void {
  // A process that was killed a moment ago may still be writing into it.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
