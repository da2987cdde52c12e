import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { MessageTopic } from '../constructs/message-topic';
import { ServiceFunction } from '../constructs/service-function';
import { addOrderAlarms } from './order-alarms';
import { acknowledgeSynchronous, functionRunbook, makeOrderFunctions } from './order-functions';
import { addOrderStateMachine } from './order-state-machine';
import { OrderTables } from './order-tables';
import { addOrderWatch } from './order-watch';
import { OrdersDashboard } from './orders-dashboard';
import type { OrderWorkflowSettings } from './order-workflow-settings';

/**
 * Orders are validated, approved by a person if they are large, charged once and confirmed; if a step fails, completed steps are
 * undone.
 *
 *     ReceiveOrder -> OrderWorkflow -+-> ValidateOrder
 *          |                         +-> RequestApproval -> Approvals -(task token)-> DecideApproval
 *          v                         +-> ChargePayment -> UpdateInventory -> SendConfirmation
 *        Orders <--------------------+-> RefundPayment, UpdateInventory (release)
 *                                    +-> OrderEvents
 *     execution ended -> EndedExecutions -> MarkEndedOrder -> Orders (needs-attention) -> WatchOrders -> alarms
 */
export class OrderWorkflowStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<OrderWorkflowSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Orders with approval, payment and compensation (order-workflow)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const tables = new OrderTables(this, 'Tables', { config });
    const sandboxReason = 'Sandbox orders are test data';
    const approvals = new MessageTopic(this, 'ApprovalRequests', {
      config,
      messages: 'ApprovalRequests',
      sandboxReason,
    });
    const confirmations = new MessageTopic(this, 'Confirmations', { config, messages: 'Confirmations', sandboxReason });
    const eventBus = new EventBus(this, 'OrderEvents', {
      // CDK derives the default name from the construct path alone: sandbox and prod would have the same in one account.
      eventBusName: `${this.stackName}-OrderEvents`,
      description: 'Outcomes of orders, for other systems',
    });

    const functions = makeOrderFunctions(this, {
      config,
      settings,
      topic,
      tables,
      approvals,
      confirmations,
    });
    const { stateMachine, longestReceivedSeconds } = addOrderStateMachine(this, {
      config,
      settings,
      topic,
      functions,
      orders: tables.orders,
      eventBus,
    });
    addOrderWatch(this, {
      config,
      topic,
      tables,
      stateMachine,
      stuckAfterSeconds: longestReceivedSeconds,
    });
    const { lateApprovalSeconds } = settings;
    addOrderAlarms(this, { topic, orders: tables.orders, lateApprovalSeconds });

    const entryPoint = {
      config,
      topic,
      timeout: Duration.seconds(15),
      memorySize: settings.memoryMegabytes,
      runbook: functionRunbook,
      expectedErrors: 'malformed requests',
    };
    const receiveOrder = new ServiceFunction(this, 'ReceiveOrder', {
      ...entryPoint,
      handlerFile: 'order-workflow/receive-order',
      description: 'Accepts an order, once',
      environment: {
        ORDERS_TABLE_NAME: tables.orders.tableName,
        ORDER_STATE_MACHINE_ARN: stateMachine.stateMachineArn,
      },
    });
    receiveOrder.allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], tables.orders.tableArn);
    receiveOrder.allow(['states:StartExecution'], stateMachine.stateMachineArn);
    const decideApproval = new ServiceFunction(this, 'DecideApproval', {
      ...entryPoint,
      handlerFile: 'order-workflow/decide-approval',
      description: "Receives an approver's decision, once",
      environment: {
        ORDERS_TABLE_NAME: tables.orders.tableName,
        APPROVALS_TABLE_NAME: tables.approvals.tableName,
      },
    });
    decideApproval.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], tables.approvals.tableArn);
    decideApproval.allow(['dynamodb:UpdateItem'], tables.orders.tableArn);
    decideApproval.allow(['states:SendTaskSuccess'], stateMachine.stateMachineArn);
    for (const one of [receiveOrder, decideApproval]) acknowledgeSynchronous(one);

    if (settings.dashboard ?? config.dashboards) {
      new OrdersDashboard(this, 'Overview', {
        stateMachine,
        chargePayment: functions.chargePayment.function,
        orders: tables.orders,
      });
    }

    new CfnOutput(this, 'ReceiveOrderFunctionName', { value: receiveOrder.function.functionName });
    new CfnOutput(this, 'DecideApprovalFunctionName', { value: decideApproval.function.functionName });
    new CfnOutput(this, 'RefundPaymentFunctionName', { value: functions.refundPayment.function.functionName });
    new CfnOutput(this, 'UpdateInventoryFunctionName', { value: functions.updateInventory.function.functionName });
    new CfnOutput(this, 'SendConfirmationFunctionName', { value: functions.sendConfirmation.function.functionName });
    new CfnOutput(this, 'OrderStateMachineArn', { value: stateMachine.stateMachineArn });
    new CfnOutput(this, 'OrdersTableName', { value: tables.orders.tableName });
    new CfnOutput(this, 'PaymentsTableName', { value: tables.payments.tableName });
    new CfnOutput(this, 'InventoryTableName', { value: tables.inventory.tableName });
    new CfnOutput(this, 'ApprovalsTopicArn', { value: approvals.topic.topicArn });
    new CfnOutput(this, 'ConfirmationsTopicArn', { value: confirmations.topic.topicArn });
    new CfnOutput(this, 'EventBusName', { value: eventBus.eventBusName });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
