import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { printable } from '../../lambda/shared/plain-text';
import { parseOptions, UsageError } from '../command-line/command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';
import { stackName } from '../../lib/stack-name';
import { compareView, repairView, type AccountTables, type Difference } from './rebuild';

const help = `Compares the view Summaries with the table Accounts, and makes its current states again.

  npm run ops -- stream-processor rebuild [options]

  --write           writes the states that are missing, older or different
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them; read from CloudFormation by default

Reads both tables as a whole. Changes in flight show as older: wait until the alarms on age are quiet. The history of an account
is not in the table and cannot be made again; it stays. Safe to run at any time.
Endpoint, region and credentials come from the environment. Exit code: 0 the view equals the table, 1 it does not, 2 wrong usage.`;

export interface RebuildOptions {
  readonly stack: string;
  readonly outputs: string | undefined;
  readonly write: boolean;
}

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): RebuildOptions | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`received '${positionals.join(' ')}': options begin with --`);
  const stack = stackName('StreamProcessor', stageOf(values.stage));
  return { stack, outputs: values.outputs, write: values.write };
}

/** Returns the exit code. */
export async function runRebuild(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { stack, write } = options;
  const outputs = await outputsOf(stack, options.outputs);
  const tables = {
    client: new DynamoDBClient({}),
    accountsTableName: requiredOutput(outputs, stack, 'AccountsTableName'),
    summariesTableName: requiredOutput(outputs, stack, 'SummariesTableName'),
  };
  return rebuild(tables, write, (line) => console.log(line));
}

const meanings: Readonly<Record<Difference, string>> = {
  missing: 'is not in the view',
  older: 'has an older version in the view',
  different: 'has another balance in the view',
  'no-account': 'is in the view and not in the table: nobody deletes accounts, look at who did',
  invalid: 'is no account: look at who wrote it',
};

/** Compares and repairs the view; returns the exit code. */
export async function rebuild(tables: AccountTables, write: boolean, say: (line: string) => void): Promise<number> {
  const { accounts, differences } = await compareView(tables);
  let left = 0;
  for (const { accountId, difference, account } of differences) {
    const isRepaired = write && account !== undefined;
    if (isRepaired) await repairView(tables, account);
    else left += 1;
    say(`${printable(accountId)} ${meanings[difference]}${isRepaired ? ': written' : ''}`);
  }
  say(`${accounts} accounts, ${differences.length} differences, ${left} left`);
  return left === 0 ? 0 : 1;
}
