import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import pMap from 'p-map';
import type { DocumentBody } from '../../lambda/rest-api/schemas';
import type { ScenarioRun } from '../shared/scenario';
import { DocumentsClient, type Reply } from './client';
import { addUser } from './users';

/** Adds a user until the end of the check, and returns its client; its documents are deleted at the end. */
export async function openClient(run: ScenarioRun, name: string): Promise<DocumentsClient> {
  const client = clientOf(run, await apiKeyOf(run), (await addUser(run, name)).access);
  run.cleanUp(`documents of ${name}`, async () => {
    await pMap(await everyDocument(client), ({ id }) => client.remove(id), { concurrency: 10 });
  });
  return client;
}

export function clientOf(run: ScenarioRun, apiKey: string, accessToken: string): DocumentsClient {
  return new DocumentsClient({ apiUrl: run.output('ApiUrl'), apiKey, accessToken });
}

export async function apiKeyOf(run: ScenarioRun): Promise<string> {
  const { value = '' } = await new APIGatewayClient({}).send(
    new GetApiKeyCommand({ apiKey: run.output('ApiKeyId'), includeValue: true }),
  );
  return value;
}

/** All documents of a client's user, page by page. */
export async function everyDocument(client: DocumentsClient, limit = 100): Promise<DocumentBody[]> {
  const all: DocumentBody[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: String(limit), ...(cursor === undefined ? {} : { cursor }) };
    const { body } = succeeded(await client.list(query), 200);
    all.push(...body.documents);
    cursor = body.cursor;
  } while (cursor !== undefined);
  return all;
}

/** @throws Error with the problem where the answer is another than the expected */
export function succeeded<Body>(reply: Reply<Body>, status: number): Extract<Reply<Body>, { ok: true }> {
  if (reply.ok && reply.status === status) return reply;
  throw new Error(`expected ${status}, got ${reply.status}: ${JSON.stringify(reply.body)}`);
}
