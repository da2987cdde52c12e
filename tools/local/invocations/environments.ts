import { basename, join } from 'node:path';
import { functionNamed, type DeployedFunction } from './deployed-functions';
import { entriesOf, readEvents, type FilePosition } from './event-file';
import { invocationsFolder, type InvocationError, type InvocationEvent } from './events';

/** Tolerance around the deadline of an invocation. */
const deadlineMargin = 1_000;

export type BeginEvent = Extract<InvocationEvent, { event: 'begin' }>;

export interface InvocationEnd {
  readonly time: number;
  readonly error?: InvocationError;
  readonly lines?: readonly string[];
  readonly memoryMegabytes?: number;
}

/** Receives what the execution environments of functions did. */
export interface EnvironmentListener {
  ended(invoked: DeployedFunction, begin: BeginEvent, end: InvocationEnd): void;
  failedToStart(invoked: DeployedFunction, event: Extract<InvocationEvent, { event: 'init-failed' }>): void;
  /** @param begin invocation that made the call, undefined during the start */
  denied(
    invoked: DeployedFunction,
    event: Extract<InvocationEvent, { event: 'denied' }>,
    begin: BeginEvent | undefined,
  ): void;
}

interface Environment extends FilePosition {
  /** Invocation that has begun and not ended. */
  active: BeginEvent | undefined;
}

/** Reads the files of all execution environments on; a process that is gone, or past its deadline, ends its invocation. */
export class Environments {
  private readonly environments = new Map<string, Environment>();

  /** @param folder of `faultFolderVariable` */
  constructor(
    private readonly folder: string,
    private readonly listener: EnvironmentListener,
  ) {}

  read(functions: ReadonlyMap<string, DeployedFunction>): void {
    for (const physicalName of entriesOf(this.folder)) {
      const invoked = functionNamed(functions, physicalName);
      if (invoked === undefined) continue;
      const folder = invocationsFolder(this.folder, physicalName);
      for (const file of entriesOf(folder)) this.readEnvironment(invoked, join(folder, file));
    }
  }

  private readEnvironment(invoked: DeployedFunction, file: string): void {
    const environment = this.environments.get(file) ?? { offset: 0, active: undefined };
    this.environments.set(file, environment);
    // Checked before the events are read: a process that has ended since then has written its last event.
    const hasEnded = environment.active !== undefined && !isRunning(Number(basename(file, '.jsonl')));
    for (const event of readEvents(file, environment)) this.handle(invoked, environment, event);
    const { active } = environment;
    if (active === undefined) return;
    // The emulator kills a process at its deadline.
    if (Date.now() >= active.deadline - deadlineMargin && (hasEnded || Date.now() > active.deadline + deadlineMargin)) {
      const seconds = Math.round((active.deadline - active.time) / 1000);
      const error = { type: 'Sandbox.Timedout', message: `timed out after ${seconds} s` };
      this.end(invoked, environment, { time: active.deadline, error });
    } else if (hasEnded) {
      const error = { type: 'Runtime.ExitError', message: 'process ended during the invocation' };
      this.end(invoked, environment, { time: Date.now(), error });
    }
  }

  private handle(invoked: DeployedFunction, environment: Environment, event: InvocationEvent): void {
    switch (event.event) {
      case 'begin':
        environment.active = event;
        return;
      case 'end':
        this.end(invoked, environment, event);
        return;
      case 'killed':
        environment.active = undefined;
        return;
      case 'init-failed':
        this.listener.failedToStart(invoked, event);
        return;
      case 'denied':
        this.listener.denied(invoked, event, environment.active);
    }
  }

  private end(invoked: DeployedFunction, environment: Environment, end: InvocationEnd): void {
    const { active } = environment;
    environment.active = undefined;
    if (active !== undefined) this.listener.ended(invoked, active, end);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
