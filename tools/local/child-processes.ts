import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { endGroup } from './process-cleanup';
import { tailOf } from './log-file';
import { identify, runMarker, type ProcessIdentity } from './process-identity';

export interface Command {
  /** Name in messages and in the run record, such as `cdk deploy`. */
  readonly what: string;
  readonly file: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** File that receives all output. */
  readonly log: string;
  /** Receives output as it arrives; without it the command writes to its log directly and may outlive this process. */
  readonly onOutput?: (text: string) => void;
}

export interface CommandLimits {
  readonly withinSeconds: number;
  /** @default false: every exit code other than 0 is an error */
  readonly allowFailure?: boolean;
  /** Time between SIGTERM and SIGKILL for a command that exceeded its limit. @default 1,500 */
  readonly graceMilliseconds?: number;
}

export interface RunningCommand {
  readonly identity: ProcessIdentity;
  /** Exit code, 128 after a signal. Never rejects. */
  readonly ended: Promise<number>;
}

/** Thrown for a command that failed or timed out; the message ends with the last lines of its log. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export type NamedProcess = ProcessIdentity & { readonly what: string };

/**
 * Starts commands in their own process groups and ends all of them when the run ends.
 * Ctrl-C does not reach other process groups: the run decides in which order they stop.
 */
export class ChildProcesses {
  private readonly alive = new Map<number, NamedProcess>();
  private ending = false;

  /** @param onChange receives the live processes whenever one starts or ends */
  constructor(
    private readonly runId: string,
    private readonly onChange: (alive: readonly NamedProcess[]) => void,
  ) {}

  start(command: Command): RunningCommand {
    if (this.ending) throw new CommandError(`${command.what} was not started: the run is ending`);
    mkdirSync(dirname(command.log), { recursive: true });
    const child =
      command.onOutput === undefined ? this.spawnDetached(command) : this.spawnPiped(command, command.onOutput);
    const identity = identify(child.pid ?? 0) ?? { pid: child.pid ?? 0, started: 'ended at once' };
    const ended = exitCodeOf(child).then((code) => {
      this.alive.delete(identity.pid);
      this.onChange([...this.alive.values()]);
      return code;
    });
    this.alive.set(identity.pid, { ...identity, what: command.what });
    this.onChange([...this.alive.values()]);
    return { identity, ended };
  }

  /**
   * Runs a command to its end.
   *
   * @returns exit code, 0 unless `allowFailure`
   * @throws CommandError with the last lines of its log when it fails or times out
   */
  async run(command: Command, limits: CommandLimits): Promise<number> {
    const running = this.start(command);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), limits.withinSeconds * 1000);
    });
    const code = await Promise.race([running.ended, late]);
    clearTimeout(timer);
    if (code === 'late') {
      await endGroup(running.identity, limits.graceMilliseconds);
      throw new CommandError(failureOf(command, `did not end within ${limits.withinSeconds} s`));
    }
    if (code !== 0 && limits.allowFailure !== true) {
      throw new CommandError(failureOf(command, `ended with exit code ${code}`));
    }
    return code;
  }

  private spawnDetached(command: Command): ChildProcess {
    const log = openSync(command.log, 'w');
    const child = spawn(command.file, command.arguments, { ...this.options(command), stdio: ['ignore', log, log] });
    closeSync(log);
    child.unref();
    return child;
  }

  private spawnPiped(command: Command, onOutput: (text: string) => void): ChildProcess {
    const log = openSync(command.log, 'w');
    const child = spawn(command.file, command.arguments, {
      ...this.options(command),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        // Synchronously, so that the log is complete when the command ends.
        writeSync(log, text);
        onOutput(text);
      });
    }
    child.once('close', () => closeSync(log));
    return child;
  }

  private options(command: Command): { cwd: string; env: NodeJS.ProcessEnv; detached: true } {
    return { cwd: command.folder, env: { ...command.environment, [runMarker]: this.runId }, detached: true };
  }

  /** Ends every child and its descendants; no command can be started afterwards. */
  async endAll(): Promise<void> {
    this.ending = true;
    await Promise.all([...this.alive.values()].map((child) => endGroup(child)));
  }
}

function failureOf(command: Command, event: string): string {
  const tail = tailOf(command.log);
  return `${command.what} ${event}. Last lines of ${command.log}:\n${tail === '' ? '    (empty)' : tail}`;
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    // 'close' comes after the last output, 'exit' may come before it.
    child.once('close', (code, signal) => resolve(signal === null ? (code ?? 1) : 128));
  });
}
