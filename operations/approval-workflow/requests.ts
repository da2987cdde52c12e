import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { findDifferences } from '../../lambda/approval-workflow/adapters/differences';
import {
  findRequest,
  listRequests,
  readAudit,
  type RequestStore,
} from '../../lambda/approval-workflow/adapters/dynamodb-requests';
import { finalStatuses, openStatuses, type RequestRecord } from '../../lambda/approval-workflow/request-record';
import { stackName } from '../../lib/stack-name';
import { parseOptions, UsageError } from '../command-line/command';
import { outputsOf, requiredOutput, stackOptions, stageOf } from '../command-line/stack-outputs';

const statuses = [...openStatuses, ...finalStatuses];

const help = `Shows and ends requests for machines.

  npm run ops -- approval-workflow requests <request id> [options]       what happened to it, by whom and from where
  npm run ops -- approval-workflow requests --list <status> [options]    ${statuses.join(', ')}
  npm run ops -- approval-workflow requests --differences [options]      machines without a request, and the reverse

  --cancel          ends the request: terminates its machine, gives its limits back, tells the requester
  --stage <stage>   sandbox or prod (default sandbox)
  --outputs <file>  stack outputs, as cdk deploy --outputs-file writes them; read from CloudFormation by default

--cancel can be run again. Endpoint, region and credentials come from the environment.
Exit code: 0 done, 1 not found, failed, or differences were found, 2 wrong usage.`;

type Action =
  | { readonly list: RequestRecord['status'] }
  | { readonly differences: true }
  | { readonly requestId: string; readonly cancel: boolean };

export type RequestsOptions = Action & { readonly stack: string; readonly outputs: string | undefined };

/** @throws UsageError with the value received and the fix */
export function readOptions(args: readonly string[]): RequestsOptions | 'help' {
  const { values, positionals } = parseOptions({
    args: [...args],
    allowPositionals: true,
    options: {
      ...stackOptions,
      list: { type: 'string' },
      differences: { type: 'boolean', default: false },
      cancel: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { list, differences, cancel } = values;
  const common = { stack: stackName('ApprovalWorkflow', stageOf(values.stage)), outputs: values.outputs };
  if (list !== undefined || differences) {
    if (positionals.length > 0 || cancel || (list !== undefined && differences)) {
      throw new UsageError(`received ${differences ? '--differences' : '--list'} and more: leave out the rest`);
    }
    if (differences) return { ...common, differences };
    const status = statuses.find((one) => one === list);
    if (status === undefined) throw new UsageError(`unknown --list '${list}': use one of ${statuses.join(', ')}`);
    return { ...common, list: status };
  }
  const [requestId = '', ...others] = positionals;
  if (!/^r-[0-9a-f]{24}$/.test(requestId) || others.length > 0) {
    throw new UsageError(
      `received '${positionals.join(' ')}': give one request id, such as r-0123456789abcdef01234567`,
    );
  }
  return { ...common, requestId, cancel };
}

interface Context {
  readonly store: Pick<RequestStore, 'client' | 'requestsTableName' | 'auditTableName'>;
  readonly output: (name: string) => string;
  readonly say: (line: string) => void;
}

/** Returns the exit code. */
export async function runRequests(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const { stack } = options;
  const outputs = await outputsOf(stack, options.outputs);
  const output = (name: string): string => requiredOutput(outputs, stack, name);
  const context: Context = {
    store: {
      client: new DynamoDBClient({}),
      requestsTableName: output('RequestsTableName'),
      auditTableName: output('AuditTableName'),
    },
    output,
    say: (line) => console.log(line),
  };
  if ('list' in options) return list(context, options.list);
  if ('differences' in options) return compare(context, new EC2Client({}));
  return options.cancel
    ? cancelRequest(context, new LambdaClient({}), options.requestId)
    : show(context, options.requestId);
}

async function list({ store, say }: Context, status: RequestRecord['status']): Promise<number> {
  const records = await listRequests(store, status);
  for (const { requestId, team, person, size, endsAt, instanceId = 'no machine' } of records) {
    say(`${requestId}  ${team}  ${person}  ${size}  until ${endsAt}  ${instanceId}`);
  }
  say(`${records.length} ${status}`);
  return 0;
}

/** Prints the story of a request: never its task token. */
export async function show({ store, say }: Context, requestId: string): Promise<number> {
  const record = await findRequest(store, requestId);
  if (record === undefined) {
    say(`no request ${requestId} in ${store.requestsTableName}`);
    return 1;
  }
  const { status, reason = 'no reason', person, team, size, endsAt, instanceId = 'no machine' } = record;
  say(`${requestId}: ${status} (${reason})`);
  say(`  ${person} of ${team}: ${size} until ${endsAt}, ${instanceId}`);
  for (const { at, what, who, from, detail } of await readAudit(store, requestId)) {
    say(
      `  ${at}  ${what} by ${who}${from === undefined ? '' : ` from ${from}`}${detail === undefined ? '' : `: ${detail}`}`,
    );
  }
  return 0;
}

async function compare({ store, output, say }: Context, ec2: EC2Client): Promise<number> {
  const managedBy = output('ManagedBy');
  const approvalSeconds = Number(output('ApprovalSeconds'));
  const found = await findDifferences(store, ec2, { managedBy, approvalSeconds, now: new Date() });
  for (const { instanceId, requestId } of found.machinesWithoutRequest) {
    say(
      `${instanceId} runs for ${requestId}, which is not open: aws ec2 terminate-instances --instance-ids ${instanceId}`,
    );
  }
  const about = (what: string, records: readonly RequestRecord[]): void =>
    records.forEach(({ requestId, status }) => say(`${requestId} (${status}) ${what}`));
  about('has no machine', found.requestsWithoutMachine);
  about('is past its end', found.overdue);
  about('has not changed for too long', found.stuck);
  const { machinesWithoutRequest, requestsWithoutMachine, overdue, stuck } = found;
  const count = [machinesWithoutRequest, requestsWithoutMachine, overdue, stuck].flat().length;
  say(`${count} differences`);
  return count === 0 ? 0 : 1;
}

/** Ends a request by the function that ends all of them. */
export async function cancelRequest(
  { output, say }: Pick<Context, 'output' | 'say'>,
  lambda: Pick<LambdaClient, 'send'>,
  requestId: string,
): Promise<number> {
  const FunctionName = output('EndMachineFunctionName');
  const Payload = JSON.stringify({ requestId, because: 'cancelled', reason: 'by an operator' });
  const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  if (FunctionError === undefined) say(`${requestId} is ended: requests ${requestId} shows how`);
  else say(`${FunctionName} failed: ${FunctionError}; look at its log, and run this again`);
  return FunctionError === undefined ? 0 : 1;
}
