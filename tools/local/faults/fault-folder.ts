import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Faults reach functions through a folder, since functions are processes of the emulator's that nobody else can talk to.
 * The emulator, and so every function, is told the folder in this environment variable.
 */
export const faultFolderVariable = 'LOCAL_RUN_FAULTS';

/** Holds a file for each execution environment that is at work: its process's number, and within when it was started. */
export function workingFolder(folder: string, functionName: string): string {
  return join(folder, functionName, 'working');
}

/** Holds a file for each execution environment: what it called, a line of JSON each (`tools/local/calls/call.ts`). */
export function callsFolder(folder: string, functionName: string): string {
  return join(folder, functionName, 'calls');
}

/** The same for calls that were denied. */
export function deniedFolder(folder: string, functionName: string): string {
  return join(folder, functionName, 'denied');
}

/** While it is there, calls of the function to the service go to the port that it holds. */
export function proxyFile(folder: string, functionName: string, service: string): string {
  return join(folder, functionName, `${service}.port`);
}

/**
 * Sends a function's calls to a service to a port of this machine.
 *
 * @returns what sends them to the service again
 */
export function sendTo(port: number, folder: string, functionName: string, service: string): () => void {
  const file = proxyFile(folder, functionName, service);
  mkdirSync(dirname(file), { recursive: true });
  // In one step, so that no function reads half a number.
  writeFileSync(`${file}.new`, String(port));
  renameSync(`${file}.new`, file);
  return () => rmSync(file, { force: true });
}
