import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { StateMachineType, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Config } from '../config';
import { ServiceStateMachine } from '../constructs/service-state-machine';
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

/** Longest that all steps but the approval take, with every retry used up. */
const workSeconds = 3_600;

/** The state machine of orders, whose role names what the definition calls and nothing more. */
export function addOrderStateMachine(scope: Construct, id: string, props: OrderStateMachineProps): StateMachine {
  const { config, topic, settings, functions, orders, eventBus } = props;
  const { approvalThreshold, approvalTimeoutSeconds } = settings;
  const { validateOrder, requestApproval, chargePayment, updateInventory, refundPayment, sendConfirmation } = functions;
  const machine = new ServiceStateMachine(scope, id, {
    config,
    topic,
    description: 'What orders may call, and nothing else',
    definition: orderDefinition({
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
      timeoutSeconds: approvalTimeoutSeconds + workSeconds,
    }),
    stateMachineType: StateMachineType.STANDARD,
    runbook: 'executions',
    alarms: {
      failed: 'An order failed, or could not be undone.',
      timedOut: 'An order took longer than it may.',
      aborted: 'Somebody ended the execution of an order.',
    },
  });
  const called = [validateOrder, requestApproval, chargePayment, updateInventory, refundPayment, sendConfirmation];
  machine.allow(['lambda:InvokeFunction'], ...called.map((one) => one.function.functionArn));
  machine.allow(['dynamodb:UpdateItem'], orders.tableArn);
  machine.allow(['events:PutEvents'], eventBus.eventBusArn);
  return machine.stateMachine;
}
