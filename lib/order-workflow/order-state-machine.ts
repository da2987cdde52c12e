import type { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { StateMachineType, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
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

/** Longest time of all steps except the approval, with every retry used. */
const workSeconds = 3_600;

/** Adds the state machine of orders, whose role allows exactly what the definition calls. */
export function addOrderStateMachine(stack: Stack, props: OrderStateMachineProps): StateMachine {
  const { config, topic, settings, functions, orders, eventBus } = props;
  const { approvalThreshold, approvalTimeoutSeconds } = settings;
  const { validateOrder, requestApproval, chargePayment, updateInventory, refundPayment, sendConfirmation } = functions;
  const machine = new ServiceStateMachine(stack, 'OrderWorkflow', {
    config,
    topic,
    description: 'Exactly the calls of the order state machine',
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
      failed: 'An order failed, or its compensation failed.',
      timedOut: 'An execution exceeded its timeout.',
      aborted: 'Somebody stopped the execution of an order.',
    },
  });
  const called = [validateOrder, requestApproval, chargePayment, updateInventory, refundPayment, sendConfirmation];
  machine.allow(['lambda:InvokeFunction'], ...called.map((one) => one.function.functionArn));
  machine.allow(['dynamodb:UpdateItem'], orders.tableArn);
  machine.allow(['events:PutEvents'], eventBus.eventBusArn);
  return machine.stateMachine;
}
