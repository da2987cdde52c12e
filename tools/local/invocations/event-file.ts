import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import type { InvocationEvent } from './events';

/** Position up to which a file has been read. */
export interface FilePosition {
  offset: number;
}

/** Reads the events in complete lines after the position, and moves it behind them. */
export function readEvents(file: string, position: FilePosition): InvocationEvent[] {
  const descriptor = openSync(file, 'r');
  try {
    const length = fstatSync(descriptor).size - position.offset;
    if (length <= 0) return [];
    const buffer = Buffer.alloc(length);
    readSync(descriptor, buffer, 0, length, position.offset);
    const end = buffer.lastIndexOf(0x0a) + 1;
    position.offset += end;
    return buffer
      .toString('utf8', 0, end)
      .split('\n')
      .flatMap((line) => eventIn(line) ?? []);
  } finally {
    closeSync(descriptor);
  }
}

/** A process that was killed while it wrote leaves half a line. */
function eventIn(line: string): InvocationEvent | undefined {
  try {
    return JSON.parse(line) as InvocationEvent;
  } catch {
    return undefined;
  }
}

/** Names in a folder; none before it is created. */
export function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
