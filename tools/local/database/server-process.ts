import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ServerUser } from './server-user';

export interface ServerCommand {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly user: ServerUser;
  readonly log: string;
}

/** Starts a program of a server; its output goes to the log. */
export function startProgram(command: ServerCommand): ChildProcess {
  const log = openSync(command.log, 'a');
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC', ...command.environment };
  const child = spawn(command.file, command.arguments, { env, stdio: ['ignore', log, log], ...command.user });
  closeSync(log);
  return child;
}

/** @throws Error with the exit code or signal */
export async function runProgram(command: ServerCommand): Promise<void> {
  const code = await endOf(startProgram(command));
  if (code !== 0) throw new Error(`${command.file} ended with ${code}: see ${command.log}`);
}

export function endOf(child: ChildProcess): Promise<number | string> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'nothing'));
  });
}
