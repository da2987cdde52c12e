import type { KeyValuePair, Task, TaskDefinition } from '@aws-sdk/client-ecs';

/** Process that a container of a task is, in place of its image. */
export interface TaskProcess {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Time from SIGTERM to SIGKILL, in seconds: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
  readonly stopTimeout: number;
}

const defaultStopTimeout = 30;

/** Returns the process of a task's one container, with the overrides of `RunTask` in place of the definition's values. */
export function processOf(definition: TaskDefinition, task: Pick<Task, 'overrides'>): TaskProcess {
  const [container, another] = definition.containerDefinitions ?? [];
  if (container === undefined || another !== undefined) {
    throw new Error(
      `the task definition ${definition.taskDefinitionArn ?? ''} must have one container for a local run`,
    );
  }
  const override = task.overrides?.containerOverrides?.find(({ name }) => name === container.name);
  const [file, ...rest] = [...(container.entryPoint ?? []), ...(override?.command ?? container.command ?? [])];
  if (file === undefined) throw new Error(`the container ${container.name ?? ''} has no entry point`);
  return {
    file,
    arguments: rest,
    environment: { ...variables(container.environment), ...variables(override?.environment) },
    stopTimeout: container.stopTimeout ?? defaultStopTimeout,
  };
}

function variables(pairs: readonly KeyValuePair[] = []): Record<string, string> {
  return Object.fromEntries(pairs.map(({ name = '', value = '' }) => [name, value]));
}

/** Heartbeat of the state that runs tasks of a family, in seconds; undefined where its definition has none. */
export function heartbeatSecondsOf(definitions: readonly string[], family: string): number | undefined {
  const states = definitions.flatMap((one) => statesOf(JSON.parse(one) as Definition));
  return states.find(
    ({ Resource = '', Parameters = {} }) =>
      Resource.endsWith(':ecs:runTask.waitForTaskToken') && Parameters['TaskDefinition'] === family,
  )?.HeartbeatSeconds;
}

interface Definition {
  readonly States?: Readonly<Record<string, State>>;
}
interface State {
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly HeartbeatSeconds?: number;
}

function statesOf({ States = {} }: Definition): State[] {
  return Object.values(States);
}
