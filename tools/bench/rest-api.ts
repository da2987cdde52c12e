/**
 * Front end of the documents API: bundle, import and invocation of a table of operations, which is deployed, against the same
 * operations behind the routers of the field.
 *
 * A process for each measurement; DynamoDB is a server in this one that always has the document.
 */
import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { itemOf } from '../../lambda/rest-api/adapters/document-item';
import { createDocument } from '../../lambda/rest-api/document';
import { bundleOptions } from '../../lib/bundling/bundle-options';
import { importOnce } from './cold-start/import-once';
import { measureInTurn } from './measuring/in-turn';
import { installPeers, versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';

const root = join(__dirname, '..', '..');
const run = promisify(execFile);

/** Where each front end begins. The last is more than a front end. */
const frontEnds = {
  'table of operations': 'tools/bench/rest-api/table.mjs',
  'express and serverless-http': 'tools/bench/rest-api/express.mjs',
  middy: 'tools/bench/rest-api/middy.mjs',
  'Powertools event handler': 'tools/bench/rest-api/powertools.mjs',
  'deployed: the table, logs, checked event, writes parameter': 'lambda/rest-api/serve-documents.ts',
} as const;
type FrontEnd = keyof typeof frontEnds;
const names = Object.keys(frontEnds) as FrontEnd[];

const packages = [
  'express',
  'serverless-http',
  '@middy/core',
  '@middy/http-router',
  '@aws-lambda-powertools/event-handler',
];

const invokedSchema = z.object({ p50: z.number(), p99: z.number(), processor: z.number() });

const record = createDocument(
  'ada',
  { title: 'Report', contentType: 'text/plain', bytes: 5 },
  { now: new Date(), randomBytes: new Uint8Array(16) },
  24,
);

/** `GET /documents/{id}` as API Gateway sends it. */
const event = {
  resource: '/documents/{id}',
  path: `/documents/${record.id}`,
  httpMethod: 'GET',
  headers: { Host: 'api', Accept: '*/*' },
  multiValueHeaders: { Host: ['api'], Accept: ['*/*'] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: { id: record.id },
  stageVariables: null,
  body: null,
  isBase64Encoded: false,
  requestContext: {
    ...{
      requestId: 'r',
      accountId: '1',
      apiId: 'a',
      stage: 'v1',
      httpMethod: 'GET',
      path: `/v1/documents/${record.id}`,
    },
    ...{ resourcePath: '/documents/{id}', identity: { sourceIp: '127.0.0.1' }, protocol: 'HTTP/1.1' },
    authorizer: {
      claims: { sub: 'ada', token_use: 'access', client_id: 'c', scope: 'aws.cognito.signin.user.admin' },
    },
  },
};

void runBench(async ({ quick }) => {
  const peers = installPeers(root);
  mkdirSync(join(root, '.build'), { recursive: true });
  const folder = mkdtempSync(join(root, '.build', 'rest-api-'));
  const dynamodb = createServer((_, response) => response.end(JSON.stringify({ Item: itemOf(record) })));
  dynamodb.listen(0, '127.0.0.1');
  await once(dynamodb, 'listening');
  try {
    const files = build(folder, join(peers, 'node_modules'));
    const environment = environmentWith(`http://127.0.0.1:${(dynamodb.address() as AddressInfo).port}`);
    const [turns, count] = quick ? [1, 50] : [9, 2_000];
    const imports = await measureInTurn(
      names.map((name) => ({ name, act: () => importOnce(files[name], environment) })),
      { turns, warmUps: 1, onTurn: (turn) => progress(`imports, turn ${turn + 1} of ${turns}`) },
    );
    const invoke = async (name: FrontEnd) => {
      const args = [join(__dirname, 'rest-api', 'invoke.mjs'), files[name], String(count), JSON.stringify(event)];
      const { stdout } = await run(process.execPath, args, { env: { PATH: process.env['PATH'], ...environment } });
      return invokedSchema.parse(JSON.parse(stdout));
    };
    const invocations = await measureInTurn(
      names.map((name) => ({ name, act: () => invoke(name) })),
      { turns: quick ? 1 : 3, onTurn: (turn) => progress(`invocations, turn ${turn + 1}`) },
    );
    const rows = names.map((name) => [
      name,
      Math.round(statSync(files[name]).size / 1_000),
      medianOf(imports[name], ({ wall }) => wall),
      medianOf(imports[name], ({ processor }) => processor),
      medianOf(invocations[name], ({ p50 }) => p50),
      medianOf(invocations[name], ({ p99 }) => p99),
      medianOf(invocations[name], ({ processor }) => processor),
    ]);
    const versions = Object.fromEntries(packages.map((name) => [name, versionOf(root, name)]));
    return { body: page(rows, turns, count), versions };
  } finally {
    dynamodb.closeAllConnections();
    dynamodb.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Bundles each front end with the options of a deployment. */
function build(folder: string, nodePath: string): Record<FrontEnd, string> {
  const files = names.map((name, index) => {
    const outfile = join(folder, `${index}.js`);
    const { entryPoints: _, ...options } = bundleOptions(root, []);
    buildSync({ ...options, sourcemap: false, entryPoints: [frontEnds[name]], nodePaths: [nodePath], outfile });
    return [name, outfile] as const;
  });
  return Object.fromEntries(files) as Record<FrontEnd, string>;
}

function environmentWith(endpoint: string): Record<string, string> {
  return {
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_ENDPOINT_URL: endpoint },
    ...{ POWERTOOLS_SERVICE_NAME: 'bench', POWERTOOLS_METRICS_NAMESPACE: 'Bench' },
    ...{ DOCUMENTS_TABLE_NAME: 'Documents', IDEMPOTENCY_KEYS_TABLE_NAME: 'Keys', UPLOADS_BUCKET_NAME: 'uploads' },
    ...{ CURSOR_SECRET_ARN: 'arn:secret', USER_POOL_CLIENT_IDS: 'c', UPLOAD_HOURS: '24' },
    ...{ WRITES_PARAMETER_NAME: '/writes', WRITES_CACHE_SECONDS: '30' },
  };
}

function page(rows: readonly (readonly (string | number)[])[], turns: number, count: number): string {
  return paragraphs(
    'The same operations of the documents API behind four front ends, bundled alike, and the function that is deployed. Milliseconds that importing the bundle ' +
      `takes, in fresh processes in turn, medians of ${turns} after one that is not counted; and those of \`GET /documents/{id}\` ` +
      `with its link, one after the other in one process, ${count} after 200 that are not counted, with a DynamoDB that answers ` +
      'at once. ' +
      'An environment of Lambda serves one request at a time, so that more clients are more environments: they are not measured.',
    table(['front end', 'kB', 'import ms', 'processor ms', 'p50 ms', 'p99 ms', 'processor ms a request'], rows),
  );
}
