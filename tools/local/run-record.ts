import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { identify, isAlive, type ProcessIdentity } from './process-identity';

const identitySchema = z.object({ pid: z.number(), started: z.string() });

const runRecordSchema = z.object({
  /** In the environment of every process of the run. */
  id: z.string(),
  startedAt: z.string(),
  /** Main process of the run. */
  owner: identitySchema,
  /** True once the run has ended and its stack stays deployed. */
  kept: z.boolean(),
  /** Leaders of the run's process groups that are still alive. */
  children: z.array(identitySchema.extend({ what: z.string() })),
  /** Removed with the run. */
  temporaryFolder: z.string().optional(),
});

/** Content of `.local/run.json` while a run is active or its stack stays deployed. */
export type RunRecord = z.infer<typeof runRecordSchema>;

export function newRunRecord(now: Date): RunRecord {
  const owner = identify(process.pid) ?? { pid: process.pid, started: 'unknown' };
  return { id: `${process.pid}-${now.getTime()}`, startedAt: now.toISOString(), owner, kept: false, children: [] };
}

/** Writes the record atomically unless one exists: of two concurrent runs one succeeds. */
export function createRunRecord(file: string, record: RunRecord): boolean {
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

/** Replaces the record atomically. */
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
    // Written by another version or by hand: its process ids cannot be trusted.
    return { id: 'unreadable', startedAt: 'unknown', owner: { pid: 0, started: '' }, kept: false, children: [] };
  }
}

export function removeRunRecord(file: string): void {
  rmSync(file, { force: true });
}

/** Whether the run still owns the checkout: its main process is alive, or its stack stays deployed and the emulator is alive. */
export function isActive(record: RunRecord): boolean {
  if (record.kept) return record.children.some((child: ProcessIdentity) => isAlive(child));
  return isAlive(record.owner);
}

function text(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
