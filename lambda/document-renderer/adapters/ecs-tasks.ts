import { DescribeTasksCommand, ECSClient, paginateListTasks, StopTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { createLimitedClient } from '../../shared/client-limits';

/** Variable of a task's overrides that names its execution. */
const executionVariable = 'EXECUTION_NAME';

/** Makes the client for the function's requests to ECS. */
export function createECSClient(): ECSClient {
  return createLimitedClient(ECSClient, {});
}

/**
 * Stops the tasks of an execution, and returns their number: SIGTERM, and SIGKILL after the container's `stopTimeout`.
 *
 * They are known by their overrides, so that a task is found that has not started yet, or hangs before its first call.
 */
export async function stopTasksOf(client: ECSClient, cluster: string, execution: string): Promise<number> {
  let stopped = 0;
  // Tasks that are to run: those that wait for a machine, or load their image, too.
  for await (const { taskArns: tasks = [] } of paginateListTasks({ client }, { cluster })) {
    if (tasks.length === 0) continue;
    const described = await client.send(new DescribeTasksCommand({ cluster, tasks }));
    for (const task of described.tasks ?? []) {
      if (executionOf(task) !== execution) continue;
      await stop(client, cluster, task.taskArn);
      stopped += 1;
    }
  }
  return stopped;
}

function executionOf({ overrides }: Task): string | undefined {
  const variables = overrides?.containerOverrides?.flatMap(({ environment = [] }) => environment) ?? [];
  return variables.find(({ name }) => name === executionVariable)?.value;
}

async function stop(client: ECSClient, cluster: string, task: string | undefined): Promise<void> {
  try {
    await client.send(new StopTaskCommand({ cluster, task, reason: 'its attempt has ended' }));
  } catch (error) {
    // ECS no longer knows the task: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
    if (!(error instanceof Error) || error.name !== 'InvalidParameterException') throw error;
  }
}
