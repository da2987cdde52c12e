import type { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { StateMachineType, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Config } from '../config';
import type { ServiceFunction } from '../constructs/service-function';
import { ServiceStateMachine } from '../constructs/service-state-machine';
import { longestReceivedSeconds, orderDefinition } from './order-definition';
import type { OrderFunctions } from './order-functions';
import type { DefinitionProps } from './order-states';
import type { OrderWorkflowSettings } from './order-workflow-settings';

export interface OrderStateMachineProps {
  readonly config: Config;
  readonly settings: OrderWorkflowSettings;
  readonly topic: ITopic;
  readonly functions: OrderFunctions;
  readonly orders: TableV2;
  readonly eventBus: EventBus;
}

export interface OrderStateMachine {
  readonly stateMachine: StateMachine;
  /** Longest time in seconds until an execution sets the status of its order, without the wait for approval. */
  readonly longestReceivedSeconds: number;
}

/** Adds the state machine of orders, whose role allows exactly what the definition calls. */
export function addOrderStateMachine(stack: Stack, props: OrderStateMachineProps): OrderStateMachine {
  const { config, topic, settings, functions, orders, eventBus } = props;
  const { validateOrder, requestApproval, chargePayment, updateInventory, refundPayment, sendConfirmation } = functions;
  const definitionProps: DefinitionProps = {
    validateOrder: validateOrder.function.functionArn,
    requestApproval: requestApproval.function.functionArn,
    chargePayment: chargePayment.function.functionArn,
    updateInventory: updateInventory.function.functionArn,
    refundPayment: refundPayment.function.functionArn,
    sendConfirmation: sendConfirmation.function.functionArn,
    ordersTableName: orders.tableName,
    eventBusName: eventBus.eventBusName,
    approvalThreshold: settings.approvalThreshold,
    approvalTimeoutSeconds: settings.approvalTimeoutSeconds,
    chargeRetrySeconds: settings.chargeRetrySeconds,
    refundRetrySeconds: settings.refundRetrySeconds,
  };
  const machine = new ServiceStateMachine(stack, 'OrderWorkflow', {
    config,
    topic,
    description: 'Exactly the calls of the order state machine',
    definition: orderDefinition(definitionProps),
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
  allowDecisions(stack, requestApproval, machine.stateMachine);
  return { stateMachine: machine.stateMachine, longestReceivedSeconds: longestReceivedSeconds(definitionProps) };
}

/**
 * Allows RequestApproval to send a decision that was made before. In a policy of its own: the role's default policy is created
 * before the function, and the function before the state machine that this one names.
 */
function allowDecisions(stack: Stack, { role }: ServiceFunction, stateMachine: StateMachine): void {
  new Policy(stack, 'SendEarlierDecision', {
    roles: [role],
    statements: [
      new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: [stateMachine.stateMachineArn] }),
    ],
  });
}
