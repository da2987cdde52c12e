import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, LogLevel, StateMachine, type CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { RunbookAlarm } from '../constructs/runbook-alarm';
import type { ServiceFunction } from '../constructs/service-function';

export interface MachineProps {
  readonly config: Config;
  readonly topic: ITopic;
  /** In the Amazon States Language, with tokens. */
  readonly definition: object;
  readonly steps: readonly ServiceFunction[];
  /** ARNs of the buckets that its maps list. */
  readonly listed: readonly string[];
  /** What it is, for people: `backup`. Its alarms' headings in the runbook go on `-failed` and `-timed-out`. */
  readonly runbook: string;
}

/** A state machine with a role of its own that may do what its definition does, logs without data, and alarms. */
export class Machine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const { config, topic, definition, steps, listed, runbook } = props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: `What the ${runbook} may do, and nothing else`,
    });
    const allow = (actions: string[], ...resources: string[]): boolean =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['lambda:InvokeFunction'], ...steps.map((step) => step.function.functionArn));
    allow(['s3:ListBucket'], ...listed);
    allow(['sns:Publish'], topic.topicArn);
    // A topic with a customer key is published to by whoever may use the key.
    if (topic.masterKey !== undefined) allow(['kms:Decrypt', 'kms:GenerateDataKey'], topic.masterKey.keyRef.keyArn);

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        // Keys of objects are somebody's data.
        includeExecutionData: false,
        destination: new LogGroup(this, 'Logs', {
          retention: config.logRetention,
          removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        }),
      },
    });
    // A distributed map starts executions of its own machine; the machine's name is known only once it is there.
    const children = new Policy(this, 'MapChildren', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.stateMachine.stateMachineArn] }),
        new PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution'],
          resources: [this.executions],
        }),
      ],
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'Traces and the delivery of logs are granted by AWS for all resources only.',
    });
    Validations.of(children).acknowledge({
      id: this.executionsFinding,
      reason: 'The executions of this one machine, which have the names that they are given.',
    });
    this.addAlarms(topic, runbook);
  }

  /** The ARN of all executions of the machine. */
  get executions(): string {
    const { stateMachine } = this;
    return Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${stateMachine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** The id under which cdk-nag reports a policy that names them. */
  get executionsFinding(): string {
    const logicalId = Stack.of(this).getLogicalId(this.stateMachine.node.defaultChild as CfnStateMachine);
    const place = ['<AWS::Partition>', 'states', '<AWS::Region>', '<AWS::AccountId>'].join(':');
    return `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${place}:execution:<${logicalId}.Name>:*]`;
  }

  private addAlarms(topic: ITopic, runbook: string): void {
    const period = Duration.minutes(5);
    const { stateMachine } = this;
    new RunbookAlarm(this, 'Failed', {
      topic,
      runbook: `${runbook}-failed`,
      meaning: `A ${runbook} failed.`,
      metric: stateMachine.metricFailed({ period }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'TimedOut', {
      topic,
      runbook: `${runbook}-timed-out`,
      meaning: `A ${runbook} was still going when its time was over.`,
      metric: stateMachine.metricTimedOut({ period }),
      threshold: 1,
      evaluationPeriods: 1,
    });
  }
}
