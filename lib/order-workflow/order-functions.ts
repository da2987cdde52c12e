import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { ServiceFunction } from '../constructs/service-function';
import type { MessageTopic } from './message-topic';
import type { OrderTables } from './order-tables';
import type { OrderWorkflowSettings } from './order-workflow-settings';

export interface OrderFunctionsProps {
  readonly config: Config;
  readonly settings: OrderWorkflowSettings;
  readonly topic: ITopic;
  readonly tables: OrderTables;
  readonly approvals: MessageTopic;
  readonly confirmations: MessageTopic;
  readonly environment: Readonly<Record<string, string>>;
}

const timeout = Duration.seconds(15);

/** What the state machine calls: a function for each step that no service integration does. */
export class OrderFunctions {
  readonly validateOrder: ServiceFunction;
  readonly requestApproval: ServiceFunction;
  readonly chargePayment: ServiceFunction;
  readonly updateInventory: ServiceFunction;
  readonly refundPayment: ServiceFunction;
  readonly sendConfirmation: ServiceFunction;

  constructor(scope: Construct, props: OrderFunctionsProps) {
    const { settings, tables, approvals, confirmations } = props;
    const { orders, inventory } = tables;
    const make = (id: string, handler: string, description: string, environment: Record<string, string>) => {
      const made = new ServiceFunction(scope, id, {
        config: props.config,
        topic: props.topic,
        handlerFile: `order-workflow/${handler}`,
        description,
        timeout,
        memorySize: settings.memoryMegabytes,
        environment: { ORDERS_TABLE_NAME: orders.tableName, ...environment, ...props.environment },
      });
      calledSynchronously(made);
      return made;
    };
    const stock = { INVENTORY_TABLE_NAME: inventory.tableName };
    this.validateOrder = make('ValidateOrder', 'validate-order', 'Judges prices, quantities and SKUs', stock);
    this.validateOrder.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], orders.tableArn);
    this.validateOrder.allow(['dynamodb:BatchGetItem'], inventory.tableArn);

    this.requestApproval = make('RequestApproval', 'request-approval', 'Asks approvers about an order', {
      APPROVALS_TABLE_NAME: tables.approvals.tableName,
      APPROVALS_TOPIC_ARN: approvals.topic.topicArn,
      APPROVAL_TIMEOUT_SECONDS: String(settings.approvalTimeoutSeconds),
    });
    this.requestApproval.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], orders.tableArn);
    this.requestApproval.allow(['dynamodb:UpdateItem'], tables.approvals.tableArn);
    approvals.allowPublishing(this.requestApproval);

    const payment = paymentEnvironment(settings, tables);
    this.chargePayment = make('ChargePayment', 'charge-payment', 'Charges an order once', payment);
    this.chargePayment.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], orders.tableArn);
    this.refundPayment = make('RefundPayment', 'refund-payment', 'Undoes what may have been charged', payment);
    this.refundPayment.allow(['dynamodb:UpdateItem'], orders.tableArn);
    for (const one of [this.chargePayment, this.refundPayment]) allowPayments(one, settings, tables);

    this.updateInventory = make('UpdateInventory', 'update-inventory', 'Takes items from stock, or undoes that', stock);
    this.updateInventory.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], orders.tableArn);
    this.updateInventory.allow(['dynamodb:UpdateItem'], inventory.tableArn);

    const { senderEmail } = settings;
    this.sendConfirmation = make('SendConfirmation', 'send-confirmation', 'Tells the customer of the outcome', {
      CONFIRMATIONS_TOPIC_ARN: confirmations.topic.topicArn,
      ...(senderEmail === undefined ? {} : { SENDER_EMAIL: senderEmail }),
    });
    this.sendConfirmation.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], orders.tableArn);
    if (senderEmail === undefined) confirmations.allowPublishing(this.sendConfirmation);
    else this.sendConfirmation.allow(['ses:SendEmail'], ...identitiesOf(scope, senderEmail));
  }
}

/** Whoever calls these is told of each failure: no event of theirs can be lost. */
export function calledSynchronously(one: ServiceFunction): void {
  Validations.of(one.function).acknowledge({
    id: 'Serverless::Serverless-LambdaDLQ',
    reason: 'It is never invoked asynchronously: the state machine, the queue or a person is told of each failure.',
  });
}

function paymentEnvironment(settings: OrderWorkflowSettings, tables: OrderTables): Record<string, string> {
  const { payment } = settings;
  return payment.provider === 'sandbox'
    ? { PAYMENTS_TABLE_NAME: tables.payments.tableName }
    : { PAYMENTS_URL: payment.url, PAYMENTS_KEY_ARN: payment.secretArn };
}

function allowPayments(one: ServiceFunction, { payment }: OrderWorkflowSettings, tables: OrderTables): void {
  if (payment.provider === 'sandbox') one.allow(['dynamodb:UpdateItem'], tables.payments.tableArn);
  else one.allow(['secretsmanager:GetSecretValue'], payment.secretArn);
}

/** SES looks for the address first and for its domain next: either may be what was verified. */
function identitiesOf(scope: Construct, sender: string): string[] {
  return [sender, sender.replace(/^.*@/, '')].map((resourceName) =>
    Stack.of(scope).formatArn({ service: 'ses', resource: 'identity', resourceName }),
  );
}
