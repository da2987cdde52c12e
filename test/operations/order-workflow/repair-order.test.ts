import { DynamoDBClient, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { executionName } from '../../../lambda/order-workflow/order';
import { listOrders } from '../../../operations/order-workflow/list-orders';
import type { OrderDeployment } from '../../../operations/order-workflow/order-deployment';
import { failOrder, notifyCustomer, restartOrder } from '../../../operations/order-workflow/repair-order';
import { MemoryTables } from '../../fakes/memory-tables';
import { createOrder, namedError } from '../../lambda/order-workflow/test-environment';

const now = new Date('2026-01-05T00:00:00Z');
let tables: MemoryTables;
/** Status of each execution by its name. */
let executions: Record<string, string>;
let calls: string[];
let started: unknown[];
let events: object[];

function put(status: string, more: Record<string, AttributeValue> = {}): void {
  tables.put('Orders', {
    orderId: { S: 'o-1001' },
    status: { S: status },
    order: { S: JSON.stringify(createOrder()) },
    timeline: { M: { received: { M: { at: { S: '2026-01-01T00:00:00.000Z' } } } } },
    ...more,
  });
}

const item = () => tables.item('Orders', 'o-1001');

const deployment = (failing?: string): OrderDeployment => ({
  output: (name) =>
    name === 'OrderStateMachineArn' ? 'arn:aws:states:r:1:stateMachine:m' : name.replace('TableName', ''),
  dynamodb: tables as never,
  lambda: {
    send: ((command: InvokeCommand) => {
      const { FunctionName = '', Payload } = command.input;
      calls.push(`${FunctionName.replace('FunctionName', '')} ${Payload as string}`);
      const error = { errorType: 'PaymentUnavailableError', errorMessage: 'POST /refunds: status 503' };
      return Promise.resolve(
        FunctionName.startsWith(failing ?? '-')
          ? { FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify(error)) }
          : {},
      );
    }) as never,
  },
  events: {
    send: ((command: PutEventsCommand) => {
      events.push(...(command.input.Entries ?? []));
      return Promise.resolve({});
    }) as never,
  },
  sfn: {
    send: ((command: DescribeExecutionCommand | StartExecutionCommand) => {
      if (command instanceof StartExecutionCommand) {
        const { name = '', input = '{}' } = command.input;
        executions[name] = 'RUNNING';
        started.push({ name, input: JSON.parse(input) as unknown });
        return Promise.resolve({});
      }
      const name = command.input.executionArn?.split(':').at(-1) ?? '';
      if (executions[name] === undefined) return Promise.reject(namedError('ExecutionDoesNotExist'));
      return Promise.resolve({ status: executions[name] });
    }) as never,
  },
});

beforeEach(() => {
  tables = new MemoryTables();
  executions = { 'o-1001': 'FAILED' };
  [calls, started, events] = [[], [], []];
});

describe('restart', () => {
  it('starts the next generation under a name of its own, once', async () => {
    put('needs-attention', { watch: { S: 'needs-attention' } });
    const name = await restartOrder(deployment(), 'o-1001', now);
    expect(name).toBe(executionName('o-1001', 2));
    expect(started).toEqual([{ name, input: { orderId: 'o-1001', generation: 2 } }]);
    expect(item()).toMatchObject({
      status: { S: 'received' },
      generation: { N: '2' },
      watch: { S: 'received' },
      watchedSince: { S: now.toISOString() },
    });
    await expect(restartOrder(deployment(), 'o-1001', now)).rejects.toThrow('the execution of o-1001 is running');
    expect(started).toHaveLength(1);
  });

  it('starts an order without an execution under its own name', async () => {
    put('received');
    executions = {};
    expect(await restartOrder(deployment(), 'o-1001', now)).toBe('o-1001');
    expect(started).toEqual([{ name: 'o-1001', input: { orderId: 'o-1001', generation: 1 } }]);
  });

  it('starts the same generation if it was interrupted before the start', async () => {
    put('received', { generation: { N: '2' } });
    expect(await restartOrder(deployment(), 'o-1001', now)).toBe(executionName('o-1001', 2));
    expect(item()).toMatchObject({ generation: { N: '2' } });
  });

  it.each(['confirmed', 'rejected', 'failed'])('refuses an order that is %s', async (status) => {
    put(status);
    await expect(restartOrder(deployment(), 'o-1001')).rejects.toMatchObject({
      name: 'RepairRefusedError',
      message: `order o-1001 is ${status}: its sender can place it again under a new id`,
    });
    expect(started).toEqual([]);
  });

  it.each([{ timeline: { M: { 'refund requested': { M: {} } } } }, { inventory: { S: 'released' } }] as Record<
    string,
    AttributeValue
  >[])('refuses an order that was undone in part: %j', async (more) => {
    put('needs-attention', more);
    await expect(restartOrder(deployment(), 'o-1001')).rejects.toThrow(
      'was undone in part and cannot be completed: use --fail',
    );
    expect(started).toEqual([]);
  });

  it('refuses an unknown order', async () => {
    await expect(restartOrder(deployment(), 'o-9')).rejects.toThrow("no order 'o-9'");
  });
});

describe('fail', () => {
  it('refunds, releases stock, publishes, sets the status and notifies, in this order', async () => {
    put('needs-attention', { reason: { S: 'out-of-stock' }, watch: { S: 'needs-attention' } });
    await failOrder(deployment(), 'o-1001', now);
    expect(calls).toEqual([
      'RefundPayment {"orderId":"o-1001"}',
      'UpdateInventory {"orderId":"o-1001","change":"release"}',
      'SendConfirmation {"orderId":"o-1001","outcome":"failed","reason":"out-of-stock"}',
    ]);
    expect(item()).toMatchObject({ status: { S: 'failed' }, reason: { S: 'out-of-stock' } });
    expect(events).toMatchObject([
      {
        DetailType: 'OrderFailed',
        Detail: '{"orderId":"o-1001","status":"failed","reason":"out-of-stock"}',
      },
    ]);
  });

  it('gives an order without a reason one', async () => {
    put('received');
    await failOrder(deployment(), 'o-1001', now);
    expect(item()).toMatchObject({ reason: { S: 'closed-by-operator' } });
  });

  it('leaves the status if the refund fails, and names its error', async () => {
    put('needs-attention');
    await expect(failOrder(deployment('RefundPayment'), 'o-1001', now)).rejects.toThrow(
      'failed: PaymentUnavailableError: POST /refunds: status 503',
    );
    expect(item()).toMatchObject({ status: { S: 'needs-attention' } });
    expect(events).toEqual([]);
  });

  it('leaves the order in the index until its customer is notified', async () => {
    put('needs-attention');
    await expect(failOrder(deployment('SendConfirmation'), 'o-1001', now)).rejects.toThrow('failed');
    expect(item()).toMatchObject({ status: { S: 'failed' }, watch: { S: 'not-notified' } });
  });

  it('refuses an order whose execution is running', async () => {
    put('received');
    executions = { 'o-1001': 'RUNNING' };
    await expect(failOrder(deployment(), 'o-1001')).rejects.toThrow('wait for it, or stop it first');
    expect(calls).toEqual([]);
  });
});

describe('notify', () => {
  it('notifies of the recorded outcome and reason', async () => {
    put('rejected', { reason: { S: 'payment-declined' } });
    expect(await notifyCustomer(deployment(), 'o-1001')).toBe('rejected');
    expect(calls).toEqual(['SendConfirmation {"orderId":"o-1001","outcome":"rejected","reason":"payment-declined"}']);
  });

  it('refuses an order without an outcome', async () => {
    put('received');
    await expect(notifyCustomer(deployment(), 'o-1001')).rejects.toThrow('once it has an outcome');
  });
});

it('lists the orders of a state, oldest first', async () => {
  for (const [orderId, watch, day] of [
    ['o-1', 'needs-attention', 2],
    ['o-2', 'needs-attention', 1],
    ['o-3', 'received', 1],
  ]) {
    const since = { S: `2026-01-0${day}T00:00:00.000Z` };
    tables.put('Orders', { orderId: { S: String(orderId) }, watch: { S: String(watch) }, watchedSince: since });
  }
  jest.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(((command: object) => tables.send(command)) as never);
  const { output } = deployment();
  const found = [];
  const dynamodb = new DynamoDBClient({ region: 'us-east-1' });
  for await (const one of listOrders({ output, dynamodb }, 'needs-attention')) found.push(one.orderId);
  expect(found).toEqual(['o-2', 'o-1']);
  jest.restoreAllMocks();
});
