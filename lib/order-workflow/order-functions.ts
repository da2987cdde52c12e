import { Duration, Validations, type Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Config } from '../config';
import { allowEmail } from '../constructs/allow-email';
import { ServiceFunction } from '../constructs/service-function';
import type { MessageTopic } from '../constructs/message-topic';
import type { OrderTables } from './order-tables';
import type { OrderWorkflowSettings } from './order-workflow-settings';

export interface OrderFunctionsProps {
  readonly config: Config;
  readonly settings: OrderWorkflowSettings;
  readonly topic: ITopic;
  readonly tables: OrderTables;
  readonly approvals: MessageTopic;
  readonly confirmations: MessageTopic;
}

/** Start of the headings that the alarms of all functions share in the runbook. */
export const functionRunbook = 'function';

const timeout = Duration.seconds(15);

/** Functions that the state machine invokes, one for each step that no service integration covers. */
export interface OrderFunctions {
  readonly validateOrder: ServiceFunction;
  readonly requestApproval: ServiceFunction;
  readonly chargePayment: ServiceFunction;
  readonly updateInventory: ServiceFunction;
  readonly refundPayment: ServiceFunction;
  readonly sendConfirmation: ServiceFunction;
}

/** Creates the functions in the stack's own scope, so that their names begin with the construct id. */
export function makeOrderFunctions(stack: Stack, props: OrderFunctionsProps): OrderFunctions {
  const { settings, tables, approvals } = props;
  const { orders, inventory } = tables;
  const make = (id: string, handler: string, description: string, more: Record<string, string>) => {
    const made = new ServiceFunction(stack, id, {
      config: props.config,
      topic: props.topic,
      handlerFile: `order-workflow/${handler}`,
      description,
      timeout,
      memorySize: settings.memoryMegabytes,
      runbook: functionRunbook,
      environment: { ORDERS_TABLE_NAME: orders.tableName, ...more },
    });
    acknowledgeSynchronous(made);
    made.allow(['dynamodb:UpdateItem'], orders.tableArn);
    return made;
  };
  const stock = { INVENTORY_TABLE_NAME: inventory.tableName };
  const payment = paymentEnvironment(settings, tables);
  const functions: OrderFunctions = {
    validateOrder: make('ValidateOrder', 'validate-order', 'Validates prices, quantities and SKUs', stock),
    requestApproval: make('RequestApproval', 'request-approval', 'Requests the approval of an order', {
      APPROVALS_TABLE_NAME: tables.approvals.tableName,
      APPROVALS_TOPIC_ARN: approvals.topic.topicArn,
    }),
    chargePayment: make('ChargePayment', 'charge-payment', 'Charges an order once', {
      ...payment,
      ...chargeWindow(settings),
    }),
    updateInventory: make('UpdateInventory', 'update-inventory', 'Reserves or releases stock', stock),
    refundPayment: make('RefundPayment', 'refund-payment', 'Refunds a charge that was or may have been made', payment),
    sendConfirmation: make('SendConfirmation', 'send-confirmation', 'Notifies the customer of the outcome', {
      CONFIRMATIONS_TOPIC_ARN: props.confirmations.topic.topicArn,
      ...(settings.senderEmail === undefined ? {} : { SENDER_EMAIL: settings.senderEmail }),
    }),
  };
  grant(functions, props);
  return functions;
}

function grant(functions: OrderFunctions, props: OrderFunctionsProps): void {
  const { settings, tables, approvals, confirmations } = props;
  const { validateOrder, requestApproval, chargePayment, updateInventory, refundPayment, sendConfirmation } = functions;
  for (const reader of [validateOrder, requestApproval, refundPayment, updateInventory, sendConfirmation]) {
    reader.allow(['dynamodb:GetItem'], tables.orders.tableArn);
  }
  validateOrder.allow(['dynamodb:BatchGetItem'], tables.inventory.tableArn);
  requestApproval.allow(['dynamodb:UpdateItem'], tables.approvals.tableArn);
  approvals.allowPublishing(requestApproval);
  updateInventory.allow(['dynamodb:UpdateItem'], tables.inventory.tableArn);
  for (const payer of [chargePayment, refundPayment]) allowPayments(payer, settings, tables);
  const { senderEmail } = settings;
  if (senderEmail === undefined) confirmations.allowPublishing(sendConfirmation);
  else allowEmail(sendConfirmation, senderEmail, 'customers');
}

/** Acknowledges the rule on dead-letter queues: the caller of these functions receives every error, so no event is lost. */
export function acknowledgeSynchronous(one: ServiceFunction): void {
  Validations.of(one.function).acknowledge({
    id: 'Serverless::Serverless-LambdaDLQ',
    reason: 'It is never invoked asynchronously: the state machine, the queue or a person receives every error.',
  });
}

function paymentEnvironment(settings: OrderWorkflowSettings, tables: OrderTables): Record<string, string> {
  const { payment } = settings;
  return payment.provider === 'sandbox'
    ? { PAYMENTS_TABLE_NAME: tables.payments.tableName }
    : { PAYMENTS_URL: payment.url, PAYMENTS_KEY_ARN: payment.secretArn };
}

/** A charge is attempted only while the payment service surely remembers the first attempt. The sandbox's ledger never forgets. */
function chargeWindow({ payment }: OrderWorkflowSettings): Record<string, string> {
  if (payment.provider === 'sandbox') return {};
  return { CHARGE_WINDOW_SECONDS: String(payment.idempotencySeconds - timeout.toSeconds()) };
}

function allowPayments(one: ServiceFunction, { payment }: OrderWorkflowSettings, tables: OrderTables): void {
  if (payment.provider === 'sandbox') {
    one.allow(['dynamodb:UpdateItem'], tables.payments.tableArn);
    return;
  }
  one.allow(['secretsmanager:GetSecretValue'], payment.secretArn);
  // The key's own policy must allow the account or this role too.
  if (payment.secretKeyArn !== undefined) one.allow(['kms:Decrypt'], payment.secretKeyArn);
}
