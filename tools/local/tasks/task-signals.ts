import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningCommand } from '../child-processes';
import { isAlive } from '../process-identity';

/** Process of a task, and its folder for temporary files. */
export interface LocalTask {
  readonly command: RunningCommand;
  readonly folder: string;
}

export type TaskSignal = 'SIGKILL' | 'SIGSTOP' | 'SIGTERM';

/** Time between two looks at the tasks, in milliseconds: far shorter than any phase of their work. */
const lookMilliseconds = 5;

/**
 * Signals the next task that starts, at a moment that its folder shows, and waits for its end.
 *
 * @param tasks running ones, which change; those of now are not meant
 * @param file of its folder, which may be a folder, that exists from the moment on; as soon as it runs without one
 * @returns whether it received the signal: not if it ended before the moment was seen
 * @throws Error if no task starts, comes to the moment, or ends in time
 */
export async function signalNextTask(
  tasks: ReadonlyMap<string, LocalTask>,
  signal: TaskSignal,
  file = '',
  withinSeconds = 120,
): Promise<boolean> {
  const earlier = new Set(tasks.keys());
  const end = Date.now() + withinSeconds * 1_000;
  const lookAgain = async (awaited: string): Promise<void> => {
    if (Date.now() > end) throw new Error(`timed out after ${withinSeconds} s waiting for ${awaited} (${signal})`);
    await sleep(lookMilliseconds);
  };
  const find = (): LocalTask | undefined => [...tasks].find(([arn]) => !earlier.has(arn))?.[1];
  let task = find();
  for (; task === undefined; task = find()) await lookAgain('a task to start');
  const { command, folder } = task;
  while (isAlive(command.identity) && !existsSync(join(folder, file))) await lookAgain(`${file} of a task`);
  // It goes no further than this, whatever the machine does meanwhile.
  signalGroup(command, 'SIGSTOP');
  const isCaught = isAlive(command.identity);
  if (signal === 'SIGKILL') signalGroup(command, signal);
  if (signal === 'SIGTERM') {
    signalFirst(command, signal);
    signalGroup(command, 'SIGCONT');
  }
  while (isAlive(command.identity)) await lookAgain('the end of a task');
  await command.ended;
  return isCaught;
}

/** Signals all processes of a task, as the end of its machine does. */
export function signalGroup({ identity }: RunningCommand, name: NodeJS.Signals): void {
  signalIfAlive(-identity.pid, name);
}

/** Signals the first process of a task alone, as ECS does: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html */
export function signalFirst({ identity }: RunningCommand, name: NodeJS.Signals): void {
  signalIfAlive(identity.pid, name);
}

function signalIfAlive(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}
