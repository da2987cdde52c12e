import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { paginateGetExecutionHistory, SFNClient, type HistoryEvent } from '@aws-sdk/client-sfn';
import pc from 'picocolors';
import type { WatchState } from '../../lambda/order-workflow/order-record';
import { stackName } from '../../lib/stack-name';
import { UsageError, parseOptions } from '../command-line/command';
import { outputsOf, stackOptions, stageOf } from '../command-line/stack-outputs';
import { listOrders, watchStates } from './list-orders';
import { createDeployment, executionArn, executionStatus, type OrderDeployment } from './order-deployment';
import { formatHistory, readMilestones, readVisits, type OrderHistory } from './order-history';
import { failOrder, notifyCustomer, RepairRefusedError, restartOrder } from './repair-order';

const help = `Shows and repairs orders.

  npm run ops -- order-workflow orders <order id> [options]       milestones and path through the state machine
  npm run ops -- order-workflow orders --list <state> [options]   ${watchStates.join(', ')}

  --restart         starts a new execution with the current definition; completed steps are not repeated
  --fail            refunds the payment, releases stock, sets the status failed, notifies the customer
  --notify          notifies the customer of the outcome, if that was not done
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them (default: read from CloudFormation)

Every repair can be run again. Endpoint, region and credentials come from the environment.
Exit code: 0 done, 1 order not found, refused or failed, 2 wrong usage.`;

type Repair = 'restart' | 'fail' | 'notify';
const repairs: readonly Repair[] = ['restart', 'fail', 'notify'];

export type OrdersOptions = (
  | { readonly list: WatchState }
  | { readonly orderId: string; readonly repair: Repair | undefined }
) & { readonly stack: string; readonly outputs: string | undefined };

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): OrdersOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const { stage, outputs, list } = values;
  const common = { stack: stackName('OrderWorkflow', stageOf(stage)), outputs };
  const chosen = repairs.filter((repair) => values[repair]);
  if (list !== undefined) {
    const state = watchStates.find((one) => one === list);
    if (state === undefined) throw new UsageError(`unknown --list '${list}': use one of ${watchStates.join(', ')}`);
    if (positionals.length > 0 || chosen.length > 0)
      throw new UsageError('received --list and more: leave out the rest');
    return { ...common, list: state };
  }
  const [orderId = '', ...others] = positionals;
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(orderId) || others.length > 0) {
    throw new UsageError(`received '${positionals.join(' ')}': give one order id, such as o-1001`);
  }
  if (chosen.length > 1) throw new UsageError(`received --${chosen.join(' and --')}: use one of them`);
  return { ...common, orderId, repair: chosen[0] };
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      list: { type: 'string' },
      restart: { type: 'boolean', default: false },
      fail: { type: 'boolean', default: false },
      notify: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

/** Returns the history of an order, or undefined if there is no such order. */
async function readHistory(deployment: OrderDeployment, orderId: string): Promise<OrderHistory | undefined> {
  const { dynamodb, output } = deployment;
  const TableName = output('OrdersTableName');
  const { Item: item } = await dynamodb.send(
    new GetItemCommand({ TableName, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
  if (item === undefined) return undefined;
  const total = item['total']?.S;
  const arn = executionArn(deployment, orderId, Number(item['generation']?.N ?? 1));
  const status = await executionStatus(deployment, arn);
  return {
    orderId,
    status: item['status']?.S ?? 'unknown',
    reason: item['reason']?.S,
    total: total && `${total} ${item['currency']?.S ?? ''}`.trim(),
    milestones: readMilestones(item),
    visits: status === undefined ? [] : readVisits(await readEvents(arn)),
    execution: status,
  };
}

async function readEvents(executionArn: string): Promise<HistoryEvent[]> {
  const all: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory(
    { client: new SFNClient({}) },
    { executionArn, includeExecutionData: false },
  );
  for await (const { events = [] } of pages) all.push(...events);
  return all;
}

async function repairOrder(deployment: OrderDeployment, orderId: string, repair: Repair): Promise<string> {
  switch (repair) {
    case 'restart':
      return `started execution ${await restartOrder(deployment, orderId)}`;
    case 'fail':
      await failOrder(deployment, orderId);
      return `order ${orderId} is failed: whatever was done for it is undone, and its customer is notified`;
    case 'notify':
      return `the customer of ${orderId} is notified: ${await notifyCustomer(deployment, orderId)}`;
  }
}

/** Returns the exit code. */
export async function runOrders(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const deployment = createDeployment(await outputsOf(options.stack, options.outputs), options.stack);
  if ('list' in options) {
    for await (const { orderId, since } of listOrders(deployment, options.list)) {
      console.log(`${since.toISOString()}  ${orderId}`);
    }
    return 0;
  }
  const { orderId, repair, stack } = options;
  if (repair !== undefined) return repairAndReport(deployment, orderId, repair);
  const history = await readHistory(deployment, orderId);
  if (history === undefined) {
    console.error(`no order '${orderId}' in ${stack}: check the id, or give another --stage`);
    return 1;
  }
  const colors = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
  for (const line of formatHistory(history, colors)) console.log(line);
  return 0;
}

async function repairAndReport(deployment: OrderDeployment, orderId: string, repair: Repair): Promise<number> {
  try {
    console.log(await repairOrder(deployment, orderId, repair));
    return 0;
  } catch (error) {
    if (!(error instanceof RepairRefusedError)) throw error;
    console.error(error.message);
    return 1;
  }
}
