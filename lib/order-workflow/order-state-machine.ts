import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';
import { orderDefinition } from './order-definition';
import type { OrderFunctions } from './order-functions';
import type { OrderWorkflowSettings } from './order-workflow-settings';

export interface OrderStateMachineProps {
  readonly config: Config;
  readonly settings: OrderWorkflowSettings;
  readonly topic: ITopic;
  readonly functions: OrderFunctions;
  readonly orders: TableV2;
  readonly eventBus: EventBus;
}

/** What all steps but the approval take at most, with every retry used up. */
const workSeconds = 3_600;

/**
 * The state machine with its role, its log group and its alarms.
 *
 * Its role names what the definition calls and nothing more; the log group gets what happened, without the data of it.
 */
export class OrderStateMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: OrderStateMachineProps) {
    super(scope, id);
    const { config, settings, functions, orders, eventBus } = props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'What orders may call, and nothing else',
    });
    const { approvalThreshold, approvalTimeoutSeconds } = settings;
    const { validateOrder, requestApproval, chargePayment, updateInventory, refundPayment, sendConfirmation } =
      functions;
    const timeoutSeconds = approvalTimeoutSeconds + workSeconds;
    const definition = orderDefinition({
      partition: Stack.of(this).partition,
      validateOrder: validateOrder.function.functionArn,
      requestApproval: requestApproval.function.functionArn,
      chargePayment: chargePayment.function.functionArn,
      updateInventory: updateInventory.function.functionArn,
      refundPayment: refundPayment.function.functionArn,
      sendConfirmation: sendConfirmation.function.functionArn,
      ordersTableName: orders.tableName,
      eventBusName: eventBus.eventBusName,
      approvalThreshold,
      approvalTimeoutSeconds,
      timeoutSeconds,
    });
    const called = [validateOrder, requestApproval, chargePayment, updateInventory, refundPayment, sendConfirmation];
    allow(role, ['lambda:InvokeFunction'], ...called.map((one) => one.function.functionArn));
    allow(role, ['dynamodb:UpdateItem'], orders.tableArn);
    allow(role, ['events:PutEvents'], eventBus.eventBusArn);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role,
      timeout: Duration.seconds(timeoutSeconds),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          retention: config.logRetention,
          removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray and the delivery of logs have no narrower resource than all of them.',
    });
    this.addAlarms(props.topic);
  }

  private addAlarms(topic: ITopic): void {
    const options = { period: alarmPeriod, statistic: 'Sum' };
    const alarms = {
      Failed: { metric: this.stateMachine.metricFailed(options), meaning: 'An order failed, or could not be undone.' },
      TimedOut: { metric: this.stateMachine.metricTimedOut(options), meaning: 'An order took longer than it may.' },
      Aborted: {
        metric: this.stateMachine.metricAborted(options),
        meaning: 'Somebody ended the execution of an order.',
      },
    };
    for (const [name, { metric, meaning }] of Object.entries(alarms)) {
      const runbook = `executions-${name === 'TimedOut' ? 'timed-out' : name.toLowerCase()}`;
      new RunbookAlarm(this, name, { topic, runbook, meaning, metric, threshold: 1, evaluationPeriods: 1 });
    }
  }
}

function allow(role: Role, actions: string[], ...resources: string[]): void {
  role.addToPolicy(new PolicyStatement({ actions, resources }));
}
