import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ChildProcesses } from './child-processes';
import type { Workspace } from './workspace';

const oldest = { major: 3, minor: 10 } as const;
const candidates = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'] as const;

/** `ensurepip` is missing where a distribution ships Python without venv. */
const probe = 'import sys, venv, ensurepip; print(*sys.version_info[:3])';

export interface Python {
  readonly command: string;
  /** Such as `3.12.4`. */
  readonly version: string;
}

/** Thrown where no usable Python is found; the message says how to install it. */
export class PythonNotFoundError extends Error {
  override readonly name = 'PythonNotFoundError';
}

/** Returns the version of a Python command that can create a virtual environment, undefined for any other command. */
export type Probe = (command: string) => Promise<string | undefined>;

/**
 * Finds Python 3.10 or newer: the command that `PYTHON` names, or the first usable one of the common names.
 *
 * @throws PythonNotFoundError
 */
export async function findPython(named: string | undefined, versionOf: Probe = askVersion): Promise<Python> {
  const found: string[] = [];
  for (const command of named === undefined ? candidates : [named]) {
    const version = await versionOf(command);
    if (version === undefined) continue;
    if (isNewEnough(version)) return { command, version };
    found.push(`${command} is ${version}`);
  }
  const tried = named === undefined ? 'python3 and python3.10 to python3.14' : `PYTHON=${named}`;
  const seen = found.length === 0 ? `none was found as ${tried}` : found.join(', ');
  throw new PythonNotFoundError(
    `Python ${oldest.major}.${oldest.minor} or newer with its venv module is needed, but ${seen}: ` +
      'install it (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python) or set PYTHON to its command.',
  );
}

/**
 * Creates the virtual environment with the pinned emulator unless it exists.
 *
 * @returns Python of the virtual environment
 */
export async function installEmulator(
  python: Python,
  workspace: Workspace,
  children: ChildProcesses,
  onOutput: (text: string) => void,
): Promise<string> {
  const requirements = join(workspace.root, 'tools', 'local', 'requirements.txt');
  const stamp = join(workspace.venv, 'installed');
  const wanted = createHash('sha256').update(readFileSync(requirements)).update(python.version).digest('hex');
  const executable = venvPython(workspace);
  if (readIfThere(stamp) === wanted && (await askVersion(executable)) !== undefined) return executable;

  rmSync(workspace.venv, { recursive: true, force: true });
  const common = { folder: workspace.root, environment: process.env, log: workspace.log('install'), onOutput };
  await children.run(
    { ...common, what: 'python -m venv', file: python.command, arguments: ['-m', 'venv', workspace.venv] },
    { withinSeconds: 300 },
  );
  await children.run(
    {
      ...common,
      what: 'pip install',
      file: executable,
      arguments: [
        ...['-m', 'pip', 'install', '--require-hashes', '--only-binary', ':all:', '--requirement', requirements],
        ...['--no-input', '--disable-pip-version-check', '--progress-bar', 'off'],
      ],
    },
    { withinSeconds: 600 },
  );
  writeFileSync(stamp, wanted);
  return executable;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

async function askVersion(command: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, ['-c', probe], { timeout: 10_000 });
    return stdout.trim().split(' ').join('.');
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Python of the virtual environment with the emulator. */
export function venvPython({ venv }: Pick<Workspace, 'venv'>): string {
  return join(venv, 'bin', 'python');
}
