import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Environment variable with the folder through which faults reach functions; functions inherit it from the emulator.
 * A folder, since functions are child processes of the emulator without another channel.
 */
export const faultFolderVariable = 'LOCAL_RUN_FAULTS';

/** Folder with one file per execution environment that handles an invocation: named by pid, with the start time inside. */
export function workingFolder(folder: string, functionName: string): string {
  return join(folder, functionName, 'working');
}

/** Folder with one file per execution environment: its API calls, one line of JSON each (`tools/local/calls/call.ts`). */
export function callsFolder(folder: string, functionName: string): string {
  return join(folder, functionName, 'calls');
}

/** Folder with the same for denied calls. */
export function deniedFolder(folder: string, functionName: string): string {
  return join(folder, functionName, 'denied');
}

/** Folder with the calls that AWS would refuse: one line of JSON each (`tools/local/calls/check-request.ts`). */
export function violationsFolder(folder: string, functionName: string): string {
  return join(folder, functionName, 'violations');
}

/** File with the path of the folder that has replaced the function's deployed code. */
export function currentCodeFile(folder: string, functionName: string): string {
  return join(folder, functionName, 'current-code');
}

/** File with a port; while it exists, the function's calls to the service go to that port. */
export function proxyFile(folder: string, functionName: string, service: string): string {
  return join(folder, functionName, `${service}.port`);
}

/**
 * Redirects a function's calls to a service to a port of this machine.
 *
 * @returns function that ends the redirection
 */
export function sendTo(port: number, folder: string, functionName: string, service: string): () => void {
  const file = proxyFile(folder, functionName, service);
  mkdirSync(dirname(file), { recursive: true });
  // Atomically, so that no function reads half a number.
  writeFileSync(`${file}.new`, String(port));
  renameSync(`${file}.new`, file);
  return () => rmSync(file, { force: true });
}
