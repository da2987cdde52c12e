import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ses from '@aws-sdk/client-sesv2';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import type { Order } from '../../../lambda/order-workflow/order';
import { MemoryTables } from './memory-tables';

const clients = {
  '@aws-sdk/client-dynamodb': dynamodb,
  '@aws-sdk/client-sesv2': ses,
  '@aws-sdk/client-sfn': sfn,
  '@aws-sdk/client-sns': sns,
};

/** What must be in no log line, whatever happens. */
export const canaries = {
  email: 'canary.customer@example.com',
  method: 'pm-canary-4711',
  token: 'canary-token-AQCEAAAAKgAAAAMA',
};

export const anOrder = (more: Partial<Order> = {}): Order => ({
  orderId: 'o-1001',
  customerId: 'c-7',
  customerEmail: canaries.email,
  paymentMethod: canaries.method,
  items: [{ sku: 'SKU-1', quantity: 2, unitPrice: '12.50' }],
  currency: 'EUR',
  ...more,
});

export const environment = {
  AWS_REGION: 'us-east-1',
  ORDERS_TABLE_NAME: 'Orders',
  INVENTORY_TABLE_NAME: 'Inventory',
  APPROVALS_TABLE_NAME: 'Approvals',
  PAYMENTS_TABLE_NAME: 'Payments',
  APPROVALS_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:Approvals',
  CONFIRMATIONS_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:Confirmations',
  APPROVAL_TIMEOUT_SECONDS: '600',
  WATCHED_INDEX_NAME: 'watched',
  POWERTOOLS_SERVICE_NAME: 'order-workflow',
  POWERTOOLS_METRICS_NAMESPACE: 'Test',
};

/** The services around a handler, in memory, and the lines that it writes. */
export class Surroundings {
  readonly tables = new MemoryTables({
    Orders: 'orderId',
    Inventory: 'sku',
    Approvals: 'orderId',
    Payments: 'orderId',
  });
  readonly published: { topic: string; subject: string; message: Record<string, unknown> }[] = [];
  readonly mailed: ses.SendEmailCommandInput[] = [];
  readonly delivered: { token: string; output: unknown }[] = [];
  lines = '';
  /** Called before each request: what it throws is the service's answer. */
  before: (command: object) => void = () => undefined;
  /** Called after each request was carried out: what it throws takes the place of the answer. */
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

  /** An order as ReceiveOrder writes it. */
  receive(order: Order, more: Readonly<Record<string, dynamodb.AttributeValue>> = {}): void {
    this.tables.put('Orders', {
      orderId: { S: order.orderId },
      status: { S: 'received' },
      order: { S: JSON.stringify(order) },
      content: { S: 'content' },
      timeline: { M: { received: { M: { at: { S: '2026-01-01T00:00:00.000Z' } } } } },
      ...more,
    });
  }

  text(table: string, id: string, name: string): string | undefined {
    const value = this.tables.item(table, id)?.[name];
    return value?.S ?? value?.N;
  }

  /** The milestones of an order and what each says. */
  timeline(orderId: string): Record<string, string> {
    const entries = Object.entries(this.tables.item('Orders', orderId)?.['timeline']?.M ?? {});
    return Object.fromEntries(entries.map(([name, entry]) => [name, entry.M?.['detail']?.S ?? '']));
  }

  /** The canaries that a log line holds. */
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
    if (command instanceof sfn.SendTaskSuccessCommand) {
      const { taskToken: token = '', output = '' } = command.input;
      this.delivered.push({ token, output: JSON.parse(output) as unknown });
      return {};
    }
    return this.tables.send(command);
  }
}

/** Loads a handler with an environment of its own, which it reads when it is loaded. */
export function load<Answer>(
  handlerFile: string,
  more: Readonly<Record<string, string | undefined>> = {},
): (event: object) => Promise<Answer> {
  for (const [name, value] of Object.entries<string | undefined>({ ...environment, ...more })) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  type Loaded = { handler: (event: object, context: Context) => Promise<Answer> };
  let loaded: Loaded | undefined;
  jest.isolateModules(() => {
    // The same clients as here, so that those of the surroundings are the handler's.
    for (const [name, module] of Object.entries(clients)) jest.doMock(name, () => module);
    loaded = jest.requireActual<Loaded>(`../../../lambda/order-workflow/${handlerFile}`);
  });
  const context = { functionName: 'f', awsRequestId: 'r-1', getRemainingTimeInMillis: () => 10_000 } as Context;
  return (event) => loaded!.handler(event, context);
}

/** An error as a service gives it, under its name. */
export function named(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}
