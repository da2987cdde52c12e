/**
 * Front end of the documents API: bundle, import and invocations of a table of operations, which is deployed, against the same
 * operations behind the routers of the field.
 *
 * A process for each measurement; the services are a server in this one that answers all of them alike.
 */
import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { bundleOptions } from '../../lib/bundling/bundle-options';
import { importOnce, type Took } from './cold-start/import-once';
import { measureInTurn } from './measuring/in-turn';
import { installPeers, versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';
import { answerMilliseconds, events, openServices } from './rest-api/requests';

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

/** Requests by the number of clients: so few of one that a run ends in seconds. */
const requestsOf = { 1: 500, 10: 1_000, 50: 1_500 } as const;
const clientCounts = [1, 10, 50] as const;
type Clients = (typeof clientCounts)[number];

const invokedSchema = z.object({
  ...{ p50: z.number(), p99: z.number(), perSecond: z.number() },
  /** Milliseconds a request. */
  processor: z.number(),
  /** Resident megabytes after the import, and at the most. */
  ...{ atRest: z.number(), peak: z.number() },
});
type Invoked = z.output<typeof invokedSchema>;
type Samples<Sample> = Record<FrontEnd, Sample[]>;

void runBench(async ({ quick }) => {
  const peers = installPeers(root);
  mkdirSync(join(root, '.build'), { recursive: true });
  const folder = mkdtempSync(join(root, '.build', 'rest-api-'));
  const { server, url } = await openServices();
  try {
    const files = build(folder, join(peers, 'node_modules'));
    const environment = environmentWith(url);
    const turns = quick ? 1 : 5;
    const imports = await measureInTurn(
      names.map((name) => ({ name, act: () => importOnce(files[name], environment) })),
      { turns, warmUps: 1, onTurn: (turn) => progress(`imports, turn ${turn + 1} of ${turns}`) },
    );
    const invoke = async (name: FrontEnd, clients: Clients): Promise<Invoked> => {
      const count = quick ? 100 : requestsOf[clients];
      const script = join(__dirname, 'rest-api', 'invoke.mjs');
      const args = [script, files[name], String(clients), String(count), JSON.stringify(events)];
      const { stdout } = await run(process.execPath, args, { env: { PATH: process.env['PATH'], ...environment } });
      return invokedSchema.parse(JSON.parse(stdout));
    };
    const invocations = new Map<Clients, Samples<Invoked>>();
    for (const clients of clientCounts) {
      const samples = await measureInTurn(
        names.map((name) => ({ name, act: () => invoke(name, clients) })),
        { turns: quick ? 1 : 3, onTurn: (turn) => progress(`${clients} clients, turn ${turn + 1}`) },
      );
      invocations.set(clients, samples);
    }
    const versions = Object.fromEntries(packages.map((name) => [name, versionOf(root, name)]));
    return { body: page(files, imports, invocations, turns), versions };
  } finally {
    server.closeAllConnections();
    server.close();
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

function page(
  files: Record<FrontEnd, string>,
  imports: Samples<Took>,
  invocations: ReadonlyMap<Clients, Samples<Invoked>>,
  turns: number,
): string {
  const of = (clients: Clients, name: FrontEnd, valueOf: (sample: Invoked) => number): number =>
    medianOf(invocations.get(clients)?.[name] ?? [], valueOf);
  const [ours] = names as [FrontEnd];
  return paragraphs(
    'The same operations of the documents API behind four front ends, bundled alike, and the function that is deployed: milliseconds that ' +
      `importing the bundle takes, in fresh processes in turn, medians of ${turns} after one that is not counted; resident memory of the ` +
      'process after the import, and at the most with 1 and with 50 clients.',
    table(
      ['front end', 'kB', 'import ms', 'processor ms', 'MB at rest', 'MB, 1 client', 'MB, 50 clients'],
      names.map((name) => [
        name,
        Math.round(statSync(files[name]).size / 1_000),
        medianOf(imports[name], ({ wall }) => wall),
        medianOf(imports[name], ({ processor }) => processor),
        of(1, name, ({ atRest }) => atRest),
        ...([1, 50] as const).map((clients) => of(clients, name, ({ peak }) => peak)),
      ]),
    ),
    'Requests of clients that each send the next one when they have an answer: two reads, a page of twenty documents, a creation and a change ' +
      'in turn, handed to the handler in one process as API Gateway hands them over, with services that answer each call after ' +
      `${answerMilliseconds} ms, the same for all. Medians of 3 in turn, ${Object.values(requestsOf).join(', ')} requests of 1, 10, 50 clients. The ratio is the ` +
      "table's requests per second to the row's.",
    table(
      ['front end', 'clients', 'p50 ms', 'p99 ms', 'requests/s', 'ratio', 'processor ms a request'],
      clientCounts.flatMap((clients) =>
        names.map((name) => [
          name,
          clients,
          of(clients, name, ({ p50 }) => p50),
          of(clients, name, ({ p99 }) => p99),
          of(clients, name, ({ perSecond }) => perSecond),
          of(clients, ours, ({ perSecond }) => perSecond) / of(clients, name, ({ perSecond }) => perSecond),
          of(clients, name, ({ processor }) => processor),
        ]),
      ),
    ),
    'An environment of Lambda serves one request at a time, so that there more clients are more environments, each with the figures of one ' +
      'client; requests a second of 10 and 50 clients in one process tell what a processor can do. The emulator is left out: its gateway, one ' +
      'process for all, would be what is measured.',
  );
}
