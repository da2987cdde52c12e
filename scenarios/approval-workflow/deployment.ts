import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { findRequest } from '../../lambda/approval-workflow/adapters/dynamodb-requests';
import type { Policy } from '../../lambda/approval-workflow/policy';
import type { RequestRecord } from '../../lambda/approval-workflow/request-record';
import { subscribeQueue } from '../shared/topic-subscription';
import type { ScenarioRun } from '../shared/scenario';
import { callSigned, type Answer, type Credentials } from './signed-call';

/** Mail as the topic delivers it. */
export interface Mail {
  readonly recipient: string;
  readonly text: string;
}

export interface Deployment {
  readonly run: ScenarioRun;
  readonly dynamodb: DynamoDBClient;
  readonly ec2: EC2Client;
  readonly sfn: SFNClient;
  readonly credentials: Credentials;
  readonly region: string;
  /** Names of this check in the policy. */
  readonly team: string;
  readonly person: string;
  readonly requestIds: Set<string>;
  readonly policy: Policy;
  mails(): Promise<readonly Mail[]>;
}

export type PolicyChange = Partial<Pick<Policy, 'autoApproveDollars' | 'secondApproverDollars' | 'perPerson'>> & {
  readonly team?: Partial<Policy['teams'][string]>;
};

/** Opens the stack for a check: a policy with the caller as a requester, two approvers, and a queue that receives all mail. */
export async function openDeployment(run: ScenarioRun, change: PolicyChange = {}): Promise<Deployment> {
  const sts = new STSClient({});
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const [team, person] = [`t${run.runId}`, `ana-${run.runId}`];
  const { team: teamChange, ...more } = change;
  const limits = { machines: 100, monthlyDollars: 100_000 };
  const approvers = [`ben-${run.runId}`, `cleo-${run.runId}`, person];
  const email = (name: string): string => `${name}@example.com`;
  const policy: Policy = {
    people: {
      [person]: { principals: [Arn], email: email(person) },
      ...Object.fromEntries(approvers.slice(0, 2).map((name) => [name, { principals: [], email: email(name) }])),
    },
    teams: { [team]: { members: [person], approvers, ...limits, ...teamChange } },
    perPerson: limits,
    autoApproveDollars: 0,
    secondApproverDollars: 50,
    ...more,
  };
  await usePolicy(run, policy);
  const sqs = new SQSClient({});
  const QueueUrl = await subscribeQueue(run, sqs, run.output('NoticesTopicArn'));
  const received: Mail[] = [];
  const deployment: Deployment = {
    run,
    dynamodb: new DynamoDBClient({}),
    ec2: new EC2Client({}),
    sfn: new SFNClient({}),
    credentials: await sts.config.credentials(),
    region: await sts.config.region(),
    team,
    person,
    requestIds: new Set(),
    policy,
    mails: () => receive(sqs, QueueUrl, received),
  };
  run.cleanUp('requests and machines', () => cleanUp(deployment));
  return deployment;
}

/** Puts a policy until the end of the check. */
export async function usePolicy(run: ScenarioRun, policy: Policy): Promise<void> {
  const ssm = new SSMClient({});
  const Name = run.output('PolicyParameterName');
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const put = (Value: string) => ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  run.cleanUp('the policy', async () => {
    await put(Parameter?.Value ?? '{}');
  });
  await put(JSON.stringify(policy));
}

async function receive(sqs: SQSClient, QueueUrl: string, received: Mail[]): Promise<readonly Mail[]> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return received;
    for (const { Body = '', ReceiptHandle, MessageAttributes } of Messages) {
      received.push({ recipient: MessageAttributes?.['recipient']?.StringValue ?? '', text: Body });
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

async function cleanUp({ run, sfn, ec2, requestIds }: Deployment): Promise<void> {
  const executions = run.output('ApprovalStateMachineArn').replace(':stateMachine:', ':execution:');
  for (const requestId of requestIds) {
    for (const round of [1, 2]) {
      const executionArn = `${executions}:${requestId}-${round}`;
      await sfn.send(new StopExecutionCommand({ executionArn })).catch(() => undefined);
    }
    const ids = (await machinesOf(ec2, requestId)).map(({ id }) => id);
    if (ids.length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
  }
}

export interface FoundMachine {
  readonly id: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** All machines that a request has ever had, terminated ones too. */
export async function machinesOf(ec2: EC2Client, requestId: string): Promise<FoundMachine[]> {
  const Filters = [{ Name: 'tag:RequestId', Values: [requestId] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) =>
    Instances.map(({ InstanceId = '', State, Tags = [] }) => ({
      id: InstanceId,
      state: State?.Name ?? 'unknown',
      tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    })),
  );
}

/** Time so many minutes from now, as a form has it. */
export function inMinutes(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function formOf({ run, team }: Deployment, name: string, more: object = {}): Record<string, unknown> {
  const token = `${run.runId}-${name}`;
  return { token, team, purpose: 'Tests of a release', size: 'small', endsAt: inMinutes(600), ...more };
}

/** Calls the function URL as the requester. */
export function call(deployment: Deployment, method: string, path: string, body?: object): Promise<Answer> {
  const { run, credentials, region } = deployment;
  const url = `${run.output('SubmitRequestUrl')}${path}`;
  return callSigned(credentials, region, { url, method, ...(body && { body: JSON.stringify(body) }) });
}

/** Submits a request that is accepted; returns its id. */
export async function submit(deployment: Deployment, name: string, more: object = {}): Promise<string> {
  const { status, body } = await call(deployment, 'POST', 'requests', formOf(deployment, name, more));
  if (status !== 201) throw new Error(`expected 201 for ${name}, got ${status}: ${JSON.stringify(body)}`);
  const requestId = String(body['requestId']);
  deployment.requestIds.add(requestId);
  return requestId;
}

export function readRequest({ run, dynamodb }: Deployment, requestId: string): Promise<RequestRecord | undefined> {
  return findRequest({ client: dynamodb, requestsTableName: run.output('RequestsTableName') }, requestId);
}

/** Waits until a request has one of the statuses. */
export function waitForStatus(
  deployment: Deployment,
  requestId: string,
  statuses: readonly string[],
  withinSeconds = 60,
): Promise<RequestRecord> {
  return deployment.run.eventually(
    `${requestId} to be ${statuses.join(' or ')}`,
    async () => {
      const record = await readRequest(deployment, requestId);
      if (record !== undefined && statuses.includes(record.status)) return record;
      throw new Error(`status ${record?.status} (${record?.reason ?? 'no reason'})`);
    },
    { withinSeconds },
  );
}

/** Waits for an approver's mail about a request; returns the address of the page as this target serves it. */
export function waitForLink(deployment: Deployment, requestId: string, name: 'ben' | 'cleo'): Promise<string> {
  const { run } = deployment;
  return run.eventually(`a mail to ${name} about ${requestId}`, async () => {
    const mails = await deployment.mails();
    const mail = mails.findLast(
      ({ recipient, text }) => recipient.startsWith(`${name}-${run.runId}@`) && text.includes(requestId),
    );
    const link = mail && /https:\/\/\S+\/(approvals\/[\w-]{43})$/m.exec(mail.text)?.[1];
    return link && `${run.output('ApprovalPageUrl')}${link}`;
  });
}

/** Opens a page; returns the token of its form, if it has one. */
export async function openPage(
  link: string,
): Promise<{ status: number; html: string; token: string; headers: Headers }> {
  const response = await fetch(link);
  const html = await response.text();
  const token = /name="token" value="([^"]*)"/.exec(html)?.[1] ?? '';
  return {
    status: response.status,
    html,
    token: token.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
    headers: response.headers,
  };
}

/** Sends the form of a page. */
export async function decideOn(link: string, token: string, decision: string): Promise<number> {
  const body = new URLSearchParams({ token, decision });
  const { status } = await fetch(link, { method: 'POST', body });
  return status;
}

/** Opens the page of an approver and decides there; returns the status of the answer. */
export async function decide(
  deployment: Deployment,
  requestId: string,
  name: 'ben' | 'cleo',
  decision: 'approve' | 'refuse',
): Promise<number> {
  const link = await waitForLink(deployment, requestId, name);
  const { token } = await openPage(link);
  return decideOn(link, token, decision);
}

/** Entries of a request in the audit table, in order. */
export async function readEntries({ run, dynamodb }: Deployment, requestId: string): Promise<string[]> {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: run.output('AuditTableName'),
      KeyConditionExpression: 'requestId = :id',
      ExpressionAttributeValues: { ':id': { S: requestId } },
      ConsistentRead: true,
    }),
  );
  return Items.map(({ what }) => what?.S ?? '');
}
