import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  type HistoryEvent,
} from '@aws-sdk/client-sfn';
import pc from 'picocolors';
import { stackName } from '../../lib/stack-name';
import { UsageError, parseOptions } from '../command-line/command';
import { outputsOf, stackOptions, stageOf, type Outputs } from '../command-line/stack-outputs';
import { formatHistory, readMilestones, readVisits, type OrderHistory } from './order-history';

const help = `Shows an order: its milestones with their times, and its path through the state machine.

  npm run ops -- order-workflow orders <order id> [options]

  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them; default: read from the stack

Endpoint, region and credentials come from the environment. Exit code: 0 shown, 1 order not found or not readable, 2 wrong usage.`;

export interface OrdersOptions {
  readonly orderId: string;
  readonly stack: string;
  readonly outputs: string | undefined;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): OrdersOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const [orderId = '', ...others] = positionals;
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(orderId) || others.length > 0) {
    throw new UsageError(`received '${positionals.join(' ')}': give one order id, such as o-1001`);
  }
  const { stage, outputs } = values;
  return { orderId, stack: stackName('OrderWorkflow', stageOf(stage)), outputs };
}

function parse(args: readonly string[]) {
  return parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

/** Returns the history of an order, or undefined if there is no such order. */
async function readHistory(outputs: Outputs, orderId: string): Promise<OrderHistory | undefined> {
  const { OrdersTableName: TableName, OrderStateMachineArn: machine } = outputs;
  if (TableName === undefined || machine === undefined) {
    throw new UsageError('the stack lacks the outputs OrdersTableName and OrderStateMachineArn: deploy it again');
  }
  const { Item: item } = await new DynamoDBClient({}).send(
    new GetItemCommand({ TableName, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
  if (item === undefined) return undefined;
  const total = item['total']?.S;
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${orderId}`;
  const { events, status } = await readExecution(executionArn);
  return {
    orderId,
    status: item['status']?.S ?? 'unknown',
    reason: item['reason']?.S,
    total: total && `${total} ${item['currency']?.S ?? ''}`.trim(),
    milestones: readMilestones(item),
    visits: readVisits(events),
    execution: status,
  };
}

async function readExecution(executionArn: string): Promise<{ events: HistoryEvent[]; status: string | undefined }> {
  const sfn = new SFNClient({});
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  try {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    do {
      const next = nextToken === undefined ? {} : { nextToken };
      const page = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false, ...next }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return { events, status };
  } catch (error) {
    // Never started, or ended more than 90 days ago.
    if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return { events, status: undefined };
    throw error;
  }
}

/** Returns the exit code. */
export async function showOrder(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { orderId, stack, outputs } = options;
  const history = await readHistory(await outputsOf(stack, outputs), orderId);
  if (history === undefined) {
    console.error(`no order '${orderId}' in ${stack}: check the id, or give another --stage`);
    return 1;
  }
  for (const line of formatHistory(history, pc.createColors(process.stdout.isTTY && pc.isColorSupported)))
    console.log(line);
  return 0;
}
