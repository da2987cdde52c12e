import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { CfnCluster } from 'aws-cdk-lib/aws-ecs';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { PrivateBucket } from '../constructs/private-bucket';
import { ServiceFunction } from '../constructs/service-function';
import { ServiceStateMachine } from '../constructs/service-state-machine';
import { largeRenderDefinition } from './large-render-definition';
import { LargeRenderTask, type LargeRenderTaskProps } from './large-render-task';
import { LargeRendersNetwork } from './large-renders-network';

export interface LargeRendersProps extends LargeRenderTaskProps {
  readonly topic: ITopic;
  readonly input: PrivateBucket;
  readonly documents: PrivateBucket;
  readonly renders: TableV2;
  readonly failures: IQueue;
  /** Allows whatever renders documents. */
  readonly allowRendering: (allow: (actions: string[], ...resources: string[]) => void) => void;
}

/**
 * Rendering of documents that outgrow the function: a state machine that runs a task on Fargate, which reports by its token.
 *
 *     LargeRenders -> task on Fargate (Spot) -> Documents, DocumentRendered event
 *          |  ^            | heartbeats, result
 *          v  +------------+
 *     EndLargeRender: stops the task; another attempt, or failures
 */
export class LargeRenders extends Construct {
  readonly stateMachine: ServiceStateMachine;
  readonly cluster: CfnCluster;

  constructor(scope: Construct, id: string, props: LargeRendersProps) {
    super(scope, id);
    const { config, topic, settings } = props;
    const network = new LargeRendersNetwork(this, 'Network', { config });
    this.cluster = new CfnCluster(this, 'Cluster', {
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      clusterSettings: [{ name: 'containerInsights', value: 'enabled' }],
    });
    const task = this.addTask(props);
    const endLargeRender = this.addEndLargeRender(props);
    this.stateMachine = new ServiceStateMachine(this, 'StateMachine', {
      config,
      topic,
      description: 'Renders a large document in a container',
      definition: largeRenderDefinition({
        endLargeRender,
        clusterArn: this.cluster.attrArn,
        taskFamily: task.family,
        subnetIds: network.subnetIds,
        securityGroupId: network.taskGroup.securityGroupId,
        settings,
      }),
      runbook: 'large-renders',
      alarms: {
        failed: 'The rendering of a large document ended without a decision about its request.',
        timedOut: 'The rendering of a large document took longer than all of its attempts may.',
      },
    });
    this.stateMachine.allow(['lambda:InvokeFunction'], endLargeRender.function.functionArn);
    this.allowTasks(task);
  }

  private addTask(props: LargeRendersProps): LargeRenderTask {
    const { config, settings, handlerFile, environment, input, documents, allowRendering } = props;
    const task = new LargeRenderTask(this, 'Task', { config, settings, handlerFile, environment });
    allowRendering(task.allow.bind(task));
    task.allow(['s3:GetObject'], input.bucket.arnForObjects('requests/*'));
    Validations.of(task.role).acknowledge(
      { id: input.objectsFinding('data/'), reason: 'A request may name any data object.' },
      { id: input.objectsFinding('requests/'), reason: 'Requests are named by their messages.' },
      { id: documents.objectsFinding('documents/'), reason: 'Documents are named by their hash.' },
    );
    return task;
  }

  private addEndLargeRender({ config, topic, input, failures }: LargeRendersProps): ServiceFunction {
    const made = new ServiceFunction(this, 'EndLargeRender', {
      config,
      topic,
      handlerFile: 'document-renderer/end-large-render',
      description: 'Stops the task of an attempt and decides what follows',
      timeout: Duration.seconds(30),
      memorySize: 256,
      environment: {
        CLUSTER_ARN: this.cluster.attrArn,
        INPUT_BUCKET_NAME: input.bucket.bucketName,
        FAILURES_QUEUE_URL: failures.queueUrl,
      },
    });
    // On *: its one resource is a container instance, which is not asked for here, and which Fargate does not have.
    // https://github.com/cdklabs/construct-hub/pull/1207
    made.role.addToPolicy(
      new PolicyStatement({
        actions: ['ecs:ListTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': this.cluster.attrArn } },
      }),
    );
    const taskArns = this.arnOf('task', `${this.cluster.ref}/*`);
    made.allow(['ecs:DescribeTasks', 'ecs:StopTask'], taskArns);
    made.allow(['s3:GetObject'], input.bucket.arnForObjects('requests/*'));
    made.allow(['sqs:SendMessage'], failures.queueArn);
    const name = `<${Stack.of(this).getLogicalId(this.cluster)}>/`;
    Validations.of(made.role).acknowledge(
      { id: input.objectsFinding('requests/'), reason: 'Requests are named by their messages.' },
      {
        id: finding(`task/${name}`),
        reason: 'The tasks of this one cluster, which get their ids when they are run.',
      },
    );
    Validations.of(made.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'A state machine invokes it, waits for the result, retries failures, and reports the last one.',
    });
    return made;
  }

  /** Allows the machine to run tasks, and the tasks to report to it. */
  private allowTasks({ role, definition, family }: LargeRenderTask): void {
    const machine = this.stateMachine;
    machine.role.addToPolicy(
      new PolicyStatement({
        actions: ['ecs:RunTask'],
        // Every revision: the newest is known when it is run.
        resources: [this.arnOf('task-definition', `${family}:*`)],
        conditions: { ArnEquals: { 'ecs:cluster': this.cluster.attrArn } },
      }),
    );
    const familyName = JSON.stringify(Stack.of(this).resolve(family));
    Validations.of(machine.role).acknowledge({
      id: finding(`task-definition/${familyName}:`),
      reason: 'The revisions of this one family, in this one cluster.',
    });
    machine.role.addToPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [role.roleArn, definition.obtainExecutionRole().roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
    );
    // A policy of its own, since it names the machine, whose definition names the task's family.
    new Policy(this, 'TaskReports', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['states:SendTaskHeartbeat', 'states:SendTaskSuccess', 'states:SendTaskFailure'],
          resources: [machine.stateMachine.stateMachineArn],
        }),
      ],
    });
  }

  private arnOf(resource: string, resourceName: string): string {
    const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
    return Stack.of(this).formatArn({ service: 'ecs', resource, resourceName, arnFormat });
  }
}

/** Id under which cdk-nag reports a policy that names whatever in ECS begins so. */
function finding(beginning: string): string {
  const place = ['<AWS::Partition>', 'ecs', '<AWS::Region>', '<AWS::AccountId>'].join(':');
  return `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${place}:${beginning}*]`;
}
