import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  paginateListClusters,
  paginateListTasks,
  StopTaskCommand,
  type Task,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { DescribeStateMachineCommand, paginateListStateMachines, type SFNClient } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';

/** Tasks as the emulator's ECS records them, with what they are started from. */
export class EmulatedTasks {
  constructor(
    private readonly ecs: ECSClient,
    private readonly sfn: SFNClient,
    private readonly sts: STSClient,
  ) {}

  async clusters(): Promise<string[]> {
    const found: string[] = [];
    for await (const { clusterArns = [] } of paginateListClusters({ client: this.ecs }, {})) found.push(...clusterArns);
    return found;
  }

  /** Tasks of a cluster that are to run, without those already seen. */
  async newTasksOf(cluster: string, seen: ReadonlySet<string>): Promise<Task[]> {
    const arns: string[] = [];
    for await (const { taskArns = [] } of paginateListTasks({ client: this.ecs }, { cluster })) arns.push(...taskArns);
    return this.describe(
      cluster,
      arns.filter((arn) => !seen.has(arn)),
    );
  }

  async describe(cluster: string, tasks: string[]): Promise<Task[]> {
    if (tasks.length === 0) return [];
    return (await this.ecs.send(new DescribeTasksCommand({ cluster, tasks }))).tasks ?? [];
  }

  async definitionOf({ taskDefinitionArn }: Task): Promise<TaskDefinition | undefined> {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn });
    return (await this.ecs.send(command)).taskDefinition;
  }

  /** Records that a task has ended. */
  async recordEnd(cluster: string, task: string, reason: string): Promise<void> {
    // The run may be ending, and the stack with its cluster gone.
    await this.ecs.send(new StopTaskCommand({ cluster, task, reason })).catch(() => undefined);
  }

  /** Definitions of all state machines. */
  async stateMachines(): Promise<string[]> {
    const definitions: string[] = [];
    for await (const { stateMachines = [] } of paginateListStateMachines({ client: this.sfn }, {})) {
      for (const { stateMachineArn } of stateMachines) {
        const { definition } = await this.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
        definitions.push(definition ?? '{}');
      }
    }
    return definitions;
  }

  /** Credentials of a task's role, as variables. */
  async credentialsOf(RoleArn: string | undefined): Promise<Record<string, string>> {
    const { Credentials } = await this.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'task' }));
    return {
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    };
  }
}
