import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptOf, type Buildspec } from './buildspec';

export interface ProcessResult {
  readonly passed: boolean;
  /** Phase that the build was in at its end. */
  readonly phase: string;
  /** As CodeBuild words it. */
  readonly message: string;
  readonly exported: readonly { readonly name: string; readonly value: string }[];
}

export interface BuildProcess {
  readonly ended: Promise<ProcessResult>;
  /** Ends the process and all that it has started. */
  kill(): void;
  /** Whether a process of the build has this text in its arguments. */
  runs(argument: string): boolean;
}

/** Runs the commands of a build in the folder of its source. */
export function runBuildProcess(
  spec: Buildspec,
  place: { readonly folder: string; readonly source: string; readonly log: string },
  environment: Readonly<Record<string, string>>,
): BuildProcess {
  const notes = join(place.folder, 'notes');
  const home = join(place.folder, 'home');
  for (const made of [notes, home]) mkdirSync(made, { recursive: true });
  const script = join(place.folder, 'script.sh');
  writeFileSync(script, scriptOf(spec, notes));
  const child = spawn('/bin/sh', [script], {
    cwd: place.source,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, ...spec.env.variables, HOME: home, TMPDIR: home },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => appendFileSync(place.log, part));
  }
  return {
    ended: resultOf(child, spec, notes),
    kill: () => killGroup(child),
    runs: (argument) => groupArguments(child).includes(argument),
  };
}

function resultOf(child: ChildProcess, spec: Buildspec, notes: string): Promise<ProcessResult> {
  const read = (name: string): string | undefined => {
    const file = join(notes, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  return new Promise((resolve) => {
    const end = (code: number | null): void =>
      resolve({
        passed: code === 0,
        phase: read('phase') ?? 'INSTALL',
        message: `Error while executing command: ${read('command') ?? ''}. Reason: exit status ${code ?? 137}`,
        exported: spec.env['exported-variables'].flatMap((name) => {
          const value = read(`exported-${name}`);
          return value === undefined ? [] : [{ name, value }];
        }),
      });
    child.on('error', () => end(127));
    child.on('close', end);
  });
}

/** Arguments of all processes of a build: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/ps.html */
function groupArguments({ pid }: ChildProcess): string {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pgid=', '-o', 'args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.trim().startsWith(`${pid ?? 0} `))
    .join('\n');
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
