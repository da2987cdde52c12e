import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  type CfnStateMachine,
  type StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { alarmPeriod, RunbookAlarm } from './runbook-alarm';
import { stackUniqueName } from './stack-unique-name';
import { dataRemovalPolicy } from './data-removal-policy';

export interface ServiceStateMachineProps {
  readonly config: Config;
  readonly topic: ITopic;
  /** Description of the role. */
  readonly description: string;
  /** In the Amazon States Language, with tokens and `TimeoutSeconds`. */
  readonly definition: object;
  /** Start of its alarms' headings in the runbook, which end in `-failed`, `-timed-out` and `-aborted`. */
  readonly runbook: string;
  /**
   * For machines that were deployed with it: adding or removing it replaces a machine.
   *
   * @default none, which is a Standard machine
   */
  readonly stateMachineType?: StateMachineType.STANDARD;
  /** Meaning of each alarm, in one sentence; one without a meaning is left out. */
  readonly alarms: { readonly failed: string; readonly timedOut: string; readonly aborted?: string };
}

/**
 * Standard state machine with its own role, log group and alarms.
 *
 * The role has what `allow` adds and nothing more. Logs have every event, without input and output.
 */
export class ServiceStateMachine extends Construct {
  readonly role: Role;
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: ServiceStateMachineProps) {
    super(scope, id);
    const { config, topic, description, definition, runbook, stateMachineType, alarms } = props;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role: this.role,
      ...(stateMachineType === undefined ? {} : { stateMachineType }),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Logs', {
          // One resource policy of an account lists all log groups of other names, until it is full:
          // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
          logGroupName: `/aws/vendedlogs/states/${stackUniqueName(this, id)}`,
          retention: config.logRetention,
          removalPolicy: dataRemovalPolicy(config),
        }),
      },
    });
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray and the delivery of logs have no narrower resource than all of them.',
    });
    this.addAlarm('Failed', topic, `${runbook}-failed`, alarms.failed, (options) =>
      this.stateMachine.metricFailed(options),
    );
    this.addAlarm('TimedOut', topic, `${runbook}-timed-out`, alarms.timedOut, (options) =>
      this.stateMachine.metricTimedOut(options),
    );
    this.addAlarm('Aborted', topic, `${runbook}-aborted`, alarms.aborted, (options) =>
      this.stateMachine.metricAborted(options),
    );
  }

  /** Allows executions exactly these actions on exactly these resources. */
  allow(actions: string[], ...resources: string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources }));
  }

  /**
   * Allows executions to start, follow and stop the children of their distributed maps. Nothing redrives a map, which would take
   * `states:RedriveExecution` on the executions of its label.
   * https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
   */
  allowDistributedMap(): void {
    // A policy of its own, since it names the machine, which depends on the role's.
    const children = new Policy(this, 'MapChildren', {
      roles: [this.role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.stateMachine.stateMachineArn] }),
        new PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution'],
          resources: [this.executionArns],
        }),
      ],
    });
    Validations.of(children).acknowledge({
      id: this.executionArnsFinding,
      reason: 'The executions of this one machine, which have the names that they are given.',
    });
  }

  /** ARN pattern of all executions of the machine. */
  get executionArns(): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.stateMachine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** Id under which cdk-nag reports a policy that names them. */
  get executionArnsFinding(): string {
    const logicalId = Stack.of(this).getLogicalId(this.stateMachine.node.defaultChild as CfnStateMachine);
    const place = ['<AWS::Partition>', 'states', '<AWS::Region>', '<AWS::AccountId>'].join(':');
    return `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${place}:execution:<${logicalId}.Name>:*]`;
  }

  private addAlarm(
    id: string,
    topic: ITopic,
    runbook: string,
    meaning: string | undefined,
    metric: (options: MetricOptions) => Metric,
  ): void {
    if (meaning === undefined) return;
    new RunbookAlarm(this, id, {
      topic,
      runbook,
      meaning,
      metric: metric({ period: alarmPeriod, statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }
}
