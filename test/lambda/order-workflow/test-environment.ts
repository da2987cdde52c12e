import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ses from '@aws-sdk/client-sesv2';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import type { Order } from '../../../lambda/order-workflow/order';
import { loadHandler as load, type LoadedHandler } from '../../fakes/load-handler';
import { MemoryTables } from '../../fakes/memory-tables';

const clients = {
  '@aws-sdk/client-dynamodb': dynamodb,
  '@aws-sdk/client-sesv2': ses,
  '@aws-sdk/client-sfn': sfn,
  '@aws-sdk/client-sns': sns,
};

/** Personal data and secrets that no log line may contain. */
export const canaries = {
  email: 'canary.customer@example.com',
  method: 'pm-canary-4711',
  token: 'canary-token-AQCEAAAAKgAAAAMA',
};

export const createOrder = (more: Partial<Order> = {}): Order => ({
  orderId: 'o-1001',
  customerId: 'c-7',
  customerEmail: canaries.email,
  paymentMethod: canaries.method,
  items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.50' }],
  currency: 'EUR',
  ...more,
});

export const functionEnvironment = {
  ORDERS_TABLE_NAME: 'Orders',
  ORDER_STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:111122223333:stateMachine:Orders',
  INVENTORY_TABLE_NAME: 'Inventory',
  APPROVALS_TABLE_NAME: 'Approvals',
  PAYMENTS_TABLE_NAME: 'Payments',
  APPROVALS_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:Approvals',
  CONFIRMATIONS_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:Confirmations',
  WATCHED_INDEX_NAME: 'watched',
  STUCK_AFTER_SECONDS: '86400',
  POWERTOOLS_SERVICE_NAME: 'order-workflow',
  POWERTOOLS_METRICS_NAMESPACE: 'Test',
};

/** In-memory services of a handler, and the lines that it logs. */
export class TestEnvironment {
  readonly tables = new MemoryTables();
  readonly published: { topic: string; subject: string; message: Record<string, unknown> }[] = [];
  readonly mailed: ses.SendEmailCommandInput[] = [];
  readonly started: { name: string; input: unknown }[] = [];
  readonly delivered: { token: string; output: unknown }[] = [];
  lines = '';
  /** Runs before each request; an error that it throws is the service's response. */
  before: (command: object) => void = () => undefined;
  /** Runs after each request took effect; an error that it throws replaces the response. */
  after: (command: object) => void = () => undefined;

  constructor() {
    const write = (text: string | Uint8Array): boolean => {
      this.lines += String(text);
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(write);
    jest.spyOn(process.stderr, 'write').mockImplementation(write);
    const send = async (command: object): Promise<object> => {
      this.before(command);
      const answer = await this.answer(command);
      this.after(command);
      return answer;
    };
    for (const client of [dynamodb.DynamoDBClient, sns.SNSClient, ses.SESv2Client, sfn.SFNClient]) {
      jest.spyOn(client.prototype, 'send').mockImplementation(send as never);
    }
  }

  /** Stores an order as ReceiveOrder does. */
  putOrder(order: Order, more: Readonly<Record<string, dynamodb.AttributeValue>> = {}): void {
    this.tables.put('Orders', {
      orderId: { S: order.orderId },
      status: { S: 'received' },
      order: { S: JSON.stringify(order) },
      timeline: { M: { received: { M: { at: { S: '2026-01-01T00:00:00.000Z' } } } } },
      ...more,
    });
  }

  text(table: Parameters<MemoryTables['item']>[0], id: string, name: string): string | undefined {
    const value = this.tables.item(table, id)?.[name];
    return value?.S ?? value?.N;
  }

  /** Milestones of an order with their details. */
  timeline(orderId: string): Record<string, string> {
    const entries = Object.entries(this.tables.item('Orders', orderId)?.['timeline']?.M ?? {});
    return Object.fromEntries(entries.map(([name, entry]) => [name, entry.M?.['detail']?.S ?? '']));
  }

  /** Canaries that a log line contains. */
  get leaked(): string[] {
    return Object.values(canaries).filter((canary) => this.lines.includes(canary));
  }

  private async answer(command: object): Promise<object> {
    if (command instanceof sns.PublishCommand) {
      const { TopicArn: topic = '', Subject: subject = '', Message = '' } = command.input;
      this.published.push({ topic, subject, message: JSON.parse(Message) as Record<string, unknown> });
      return {};
    }
    if (command instanceof ses.SendEmailCommand) {
      this.mailed.push(command.input);
      return {};
    }
    if (command instanceof sfn.StartExecutionCommand) {
      const { name = '', input = '' } = command.input;
      if (this.started.some((one) => one.name === name)) throw namedError('ExecutionAlreadyExists');
      this.started.push({ name, input: JSON.parse(input) as unknown });
      return { executionArn: `arn:execution:${name}` };
    }
    if (command instanceof sfn.SendTaskSuccessCommand) {
      const { taskToken: token = '', output = '' } = command.input;
      // https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
      if (this.delivered.some((one) => one.token === token)) throw namedError('TaskTimedOut');
      this.delivered.push({ token, output: JSON.parse(output) as unknown });
      return {};
    }
    return this.tables.send(command);
  }
}

/** Loads a handler with the environment of the stack's functions and these changes. */
export function loadHandler<Answer>(
  handlerFile: string,
  more: Readonly<Record<string, string | undefined>> = {},
): LoadedHandler<Answer> {
  // The same client classes as here, so that their spies apply to the handler.
  for (const [name, module] of Object.entries(clients)) jest.doMock(name, () => module);
  return load<Answer>(`order-workflow/${handlerFile}`, { ...functionEnvironment, ...more });
}

/** An error of a service with this name. */
export function namedError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}
