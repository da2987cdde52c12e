import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRequest } from '../../lambda/approval-workflow/adapters/dynamodb-requests';
import type { RequestRecord } from '../../lambda/approval-workflow/request-record';
import { fetchSigned } from '../../operations/command-line/signed-request';
import type { Deployment } from './deployment';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
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
export async function call(deployment: Deployment, method: string, path: string, body?: object): Promise<Answer> {
  const url = `${deployment.run.output('SubmitRequestUrl')}${path}`;
  const response = await fetchSigned(deployment, { url, method, body: body && JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Answer['body'] };
}

const mostAttempts = 6;

/**
 * Submits a request that is accepted, again after a failure of the service or of the connection, as clients do with the same token;
 * returns its id.
 */
export async function submit(deployment: Deployment, name: string, more: object = {}): Promise<string> {
  const form = formOf(deployment, name, more);
  const lost = (error: unknown): Answer => ({ status: 599, body: { text: String(error) } });
  const attempt = (): Promise<Answer> => call(deployment, 'POST', 'requests', form).catch(lost);
  let { status, body } = await attempt();
  for (let again = 1; again < mostAttempts && status >= 500; again++) {
    await sleep(again * 300);
    ({ status, body } = await attempt());
  }
  if (status !== 201 && status !== 200)
    throw new Error(`expected 201 for ${name}, got ${status}: ${JSON.stringify(body)}`);
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
): Promise<RequestRecord> {
  return deployment.run.eventually(`${requestId} to be ${statuses.join(' or ')}`, async () => {
    const record = await readRequest(deployment, requestId);
    if (record !== undefined && statuses.includes(record.status)) return record;
    throw new Error(`status ${record?.status} (${record?.reason ?? 'no reason'})`);
  });
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
