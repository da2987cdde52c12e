import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createSign, generateKeyPairSync } from 'node:crypto';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { apiKeyOf, clientOf, openClient, succeeded } from './deployment';
import { addUser, addUserTo, type Tokens } from './users';

const cognito = new CognitoIdentityProviderClient({});
const patchType = { 'content-type': 'application/merge-patch+json', 'if-match': '*' };

const newDocument = JSON.stringify({ title: 'Mine', contentType: 'text/plain', bytes: 5 });

/** Every route and method, as a request that its owner would send. */
const requests = (id: string): [method: string, path: string, init: RequestInit][] => [
  ['GET', 'documents', {}],
  ['POST', 'documents', { body: newDocument, headers: { 'content-type': 'application/json' } }],
  ['GET', `documents/${id}`, {}],
  ['PATCH', `documents/${id}`, { body: '{"title":"Mine"}', headers: patchType }],
  ['DELETE', `documents/${id}`, {}],
  ['PUT', `documents/${id}`, {}],
  ['GET', `documents/${id}/content`, {}],
  ['GET', '', {}],
];

export const authorizationProof: Check = {
  name: 'object-level-authorization',
  title: "another user's document is 404 for every method, and no forged or foreign token is accepted on any route",
  async run(run) {
    const title = `canary-${run.runId}`;
    const tokens = await addUser(run, 'ada');
    const apiKey = await apiKeyOf(run);
    const owner = await openClient(run, 'owner');
    const { body } = succeeded(await owner.create({ title, contentType: 'text/plain', bytes: 5 }), 201);

    const other = clientOf(run, apiKey, tokens.access);
    await run.step('ask for it as another user', async () => {
      const statuses = await statusesOf(other, requests(body.id).slice(2, 5), title);
      run.assertEqual(statuses, '404 404 404', "answers for another user's document");
      run.assertEqual(succeeded(await other.list(), 200).body.documents.length, 0, 'documents of the other user');
    });
    const bad = await run.step('make tokens', () => badTokens(run, tokens));
    for (const [name, token] of Object.entries(bad)) {
      const statuses = await statusesOf(clientOf(run, apiKey, token), requests(body.id), title);
      const expected = name === 'of another client' ? /^(403 ?|404 ?|405 ?)+$/ : /^(401 ?)+$/;
      run.assert(expected.test(statuses), `a token ${name} is refused on every route`, statuses);
    }
    const without = await owner.send('GET', 'documents', { headers: { 'x-api-key': 'x'.repeat(24) } });
    run.assertEqual(without.status, 403, 'status with an unknown API key');
    run.assertEqual(succeeded(await owner.get(body.id), 200).body.title, title, 'title after all of it');
    run.metric('refused requests', (Object.keys(bad).length + 1) * requests('').length);
  },
};

/** Sends each request; returns the statuses. @throws Error where an answer is no problem or holds the title */
async function statusesOf(
  client: DocumentsClient,
  all: readonly [string, string, RequestInit][],
  secret: string,
): Promise<string> {
  const statuses: number[] = [];
  for (const [method, path, init] of all) {
    const { status, headers, body } = await client.send(method, path, init);
    const text = JSON.stringify(body);
    const isProblem = headers.get('content-type') === 'application/problem+json' && text.includes('requestId');
    if (!isProblem || text.includes(secret)) throw new Error(`${method} /${path} answers ${status}: ${text}`);
    statuses.push(status);
  }
  return statuses.join(' ');
}

async function badTokens(run: ScenarioRun, { access, id }: Tokens): Promise<Record<string, string>> {
  const [header = '', payload = '', signature = ''] = access.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const signed = (changes: object): string => {
    const text = `${header}.${encode({ ...claims, ...changes })}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  };
  return {
    'that is an ID token': id,
    'without a signature': `${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`,
    'with another subject under the old signature': `${header}.${encode({ ...claims, sub: 'x' })}.${signature}`,
    'signed by another key': signed({}),
    'that has expired': signed({ exp: 1_000_000_000 }),
    'that is no token': 'x.y.z',
    'of another client': await tokenOfAnotherClient(run),
    'of another user pool': await tokenOfAnotherPool(run),
  };
}

async function tokenOfAnotherClient(run: ScenarioRun): Promise<string> {
  const UserPoolId = run.output('UserPoolId');
  const ClientId = await addPoolClient(UserPoolId, run.runId);
  run.cleanUp('the other client', async () => {
    await cognito.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
  });
  return (await addUserTo(run, { UserPoolId, ClientId }, 'eve')).access;
}

async function tokenOfAnotherPool(run: ScenarioRun): Promise<string> {
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: run.runId }));
  const UserPoolId = UserPool?.Id ?? '';
  run.cleanUp('the other user pool', async () => {
    await cognito.send(new DeleteUserPoolCommand({ UserPoolId }));
  });
  return (await addUserTo(run, { UserPoolId, ClientId: await addPoolClient(UserPoolId, run.runId) }, 'eve')).access;
}

async function addPoolClient(UserPoolId: string, ClientName: string): Promise<string> {
  const ExplicitAuthFlows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const;
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName, ExplicitAuthFlows: [...ExplicitAuthFlows] }),
  );
  return UserPoolClient?.ClientId ?? '';
}
