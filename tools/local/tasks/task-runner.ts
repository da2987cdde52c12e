import { ECSClient, type Task } from '@aws-sdk/client-ecs';
import { SendTaskFailureCommand, SFNClient } from '@aws-sdk/client-sfn';
import { STSClient } from '@aws-sdk/client-sts';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcesses, RunningCommand } from '../child-processes';
import { clientSettings } from '../client-settings';
import type { Emulator } from '../emulator';
import { resourcesOf, type Assembly } from '../localize/assembly';
import type { Workspace } from '../workspace';
import { EmulatedTasks } from './emulated-tasks';
import { HeartbeatWatch } from './heartbeat-watch';
import { heartbeatSecondsOf, processOf, type TaskProcess } from './local-task';
import { signalFirst, signalGroup, signalNextTask, type LocalTask, type TaskSignal } from './task-signals';
import { startTokenProxy } from './token-proxy';

const pollMilliseconds = 250;
/** Longest time from SIGTERM to SIGKILL here, in seconds: a proof would wait two minutes otherwise. */
const longestStop = 3;

interface RunningTask extends LocalTask {
  readonly stopTimeout: number;
  isStopping: boolean;
}

/**
 * Runs the tasks that the emulator's ECS keeps as records alone: each as a process with the environment of its overrides and
 * the credentials of its role, until it ends or is stopped. It fails a state whose task sends no heartbeat, which the emulator
 * does not do.
 */
export class TaskRunner {
  private readonly emulated: EmulatedTasks;
  private readonly heartbeats: HeartbeatWatch;
  private readonly running = new Map<string, RunningTask>();
  private readonly seen = new Set<string>();
  private polling: Promise<void> | undefined;
  private isClosed = false;

  constructor(
    private readonly run: {
      readonly workspace: Workspace;
      readonly children: ChildProcesses;
      readonly emulator: Pick<Emulator, 'endpoint' | 'connection' | 'temporaryFolder'>;
    },
  ) {
    const settings = clientSettings(run.emulator.endpoint, run.workspace.certificate);
    const sfn = new SFNClient(settings);
    this.emulated = new EmulatedTasks(new ECSClient(settings), sfn, new STSClient(settings));
    this.heartbeats = new HeartbeatWatch(async (taskToken) => {
      // Nobody waits for a task that has reported.
      await sfn
        .send(new SendTaskFailureCommand({ taskToken, error: 'States.HeartbeatTimeout' }))
        .catch(() => undefined);
    });
  }

  /** Watches the emulator for tasks, if one of the stacks has a task definition. */
  provide(assembly: Assembly, stackIds: readonly string[]): void {
    const definitions = resourcesOf(assembly, 'AWS::ECS::TaskDefinition');
    if (definitions.some(({ stack }) => stackIds.includes(stack.id))) this.polling ??= this.poll();
  }

  /** Number of processes that are tasks. */
  get count(): number {
    return this.running.size;
  }

  /** Signals the next task that starts: see `FaultInjector.signalNextTask`. */
  signalNext(signal: TaskSignal, file?: string): Promise<boolean> {
    return signalNextTask(this.running, signal, file);
  }

  close(): void {
    this.isClosed = true;
    for (const { command } of this.running.values()) signalGroup(command, 'SIGKILL');
  }

  private async poll(): Promise<void> {
    while (!this.isClosed) {
      await this.look().catch((error: unknown) => this.log(String(error)));
      await sleep(pollMilliseconds);
    }
  }

  private async look(): Promise<void> {
    for (const cluster of await this.emulated.clusters()) {
      for (const task of await this.emulated.newTasksOf(cluster, this.seen)) await this.start(task, cluster);
      await this.stopStopped(cluster);
    }
    await this.heartbeats.check();
  }

  private async start(task: Task, cluster: string): Promise<void> {
    const { taskArn = '' } = task;
    const definition = await this.emulated.definitionOf(task);
    this.seen.add(taskArn);
    if (definition === undefined) return;
    const program = processOf(definition, task);
    const limit = heartbeatSecondsOf(await this.emulated.stateMachines(), definition.family ?? '') ?? Infinity;
    const onHeartbeat = this.heartbeats.add(program.environment['TASK_TOKEN'] ?? '', limit);
    const { workspace, emulator } = this.run;
    const proxy = await startTokenProxy({ ...workspace, endpoint: emulator.endpoint }, onHeartbeat);
    const folder = mkdtempSync(join(emulator.temporaryFolder, 'task-'));
    const command = this.startProcess(taskArn, folder, program, {
      ...(await this.emulated.credentialsOf(definition.taskRoleArn)),
      AWS_ENDPOINT_URL_SFN: proxy.endpoint,
    });
    const stopTimeout = Math.min(program.stopTimeout, longestStop);
    this.running.set(taskArn, { command, folder, stopTimeout, isStopping: false });
    void command.ended.then(async (code) => {
      this.running.delete(taskArn);
      proxy.close();
      if (this.isClosed) return;
      await this.emulated.recordEnd(cluster, taskArn, `Essential container in task exited (${code})`);
    });
  }

  private startProcess(
    arn: string,
    folder: string,
    { file, arguments: args, environment }: TaskProcess,
    own: Record<string, string>,
  ): RunningCommand {
    const { workspace, children, emulator } = this.run;
    const id = arn.split('/').at(-1) ?? '';
    return children.start({
      what: `task ${id}`,
      file,
      arguments: args,
      folder,
      environment: { ...emulator.connection, ...environment, ...own, TMPDIR: folder, HOME: folder, TZ: 'UTC' },
      log: workspace.log(`task-${id}`),
    });
  }

  /** Ends the processes of tasks that ECS was asked to stop. */
  private async stopStopped(cluster: string): Promise<void> {
    for (const { taskArn = '', lastStatus } of await this.emulated.describe(cluster, [...this.running.keys()])) {
      const task = this.running.get(taskArn);
      if (task === undefined || lastStatus !== 'STOPPED' || task.isStopping) continue;
      task.isStopping = true;
      signalFirst(task.command, 'SIGTERM');
      setTimeout(() => signalGroup(task.command, 'SIGKILL'), task.stopTimeout * 1_000).unref();
    }
  }

  private log(line: string): void {
    if (!this.isClosed) console.error(line);
  }
}
