import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { identify, isAlive, type ProcessIdentity } from './process-identity';

const identitySchema = z.object({ pid: z.number(), started: z.string() });

const runRecordSchema = z.object({
  /** Carried by every process of the run in its environment. */
  id: z.string(),
  startedAt: z.string(),
  /** The process that leads the run. */
  owner: identitySchema,
  /** True once the run is over and its emulator was left up. */
  kept: z.boolean(),
  /** Leaders of the process groups that the run has started and that have not ended. */
  children: z.array(identitySchema.extend({ what: z.string() })),
  /** Removed with the run. */
  temporaryFolder: z.string().optional(),
});

/** What is written to `.local/run.json` while a run is going or its stack is left up. */
export type RunRecord = z.infer<typeof runRecordSchema>;

export function newRunRecord(now: Date): RunRecord {
  const owner = identify(process.pid) ?? { pid: process.pid, started: 'unknown' };
  return { id: `${process.pid}-${now.getTime()}`, startedAt: now.toISOString(), owner, kept: false, children: [] };
}

/** Writes the record unless there is one already, in one step of the file system: of two runs at once one wins. */
export function claim(file: string, record: RunRecord): boolean {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text(record));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Replaces the record so that a reader never sees half of it. */
export function writeRunRecord(file: string, record: RunRecord): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text(record));
  renameSync(draft, file);
}

export function readRunRecord(file: string): RunRecord | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return runRecordSchema.parse(JSON.parse(content));
  } catch {
    // Written by another version or by hand: nothing in it can be trusted to name a process of ours.
    return { id: 'unreadable', startedAt: 'unknown', owner: { pid: 0, started: '' }, kept: false, children: [] };
  }
}

export function removeRunRecord(file: string): void {
  rmSync(file, { force: true });
}

/** Whether the run still has a claim on the checkout: somebody leads it, or it was left up and its emulator lives. */
export function isActive(record: RunRecord): boolean {
  if (record.kept) return record.children.some((child: ProcessIdentity) => isAlive(child));
  return isAlive(record.owner);
}

function text(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
