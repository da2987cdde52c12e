import { Kysely, PostgresDialect, sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import pMap from 'p-map';
import { Pool } from 'pg';
import { applyMigrations } from '../../../lambda/database-access/apply-migrations';
import type { Database } from '../../../lambda/database-access/database';
import { databaseName, ownerUser, processorUser } from '../../../lambda/database-access/database-schema';
import { migrations } from '../../../lambda/database-access/migrations';
import { openPostgres } from '../../../lambda/database-access/postgres-database';
import { createTokenSource } from '../../../lambda/database-access/rds-token';
import { ingestRecords } from '../../../lambda/database-access/records';
import type { Tables } from '../../../lambda/database-access/database-schema';
import { watchedSchema } from '../../local/database/database-control';
import { contestants, workloads, type Sample } from './sample';

const callsEach = Number(process.argv[2]);
const proxyPort = Number(process.env['BENCH_PROXY_PORT']);
const serverPort = Number(process.env['BENCH_SERVER_PORT']);
const control = process.env['BENCH_CONTROL'] ?? '';
/** User with a password, which none of ours has. */
const passwordUser = { user: 'password_user', password: randomBytes(16).toString('hex') };

type Workload = Pick<Sample, 'callers' | 'records'>;

function throughProxy(user: string): Database {
  const target = { host: 'localhost', port: proxyPort, user };
  return openPostgres({
    ...target,
    database: databaseName,
    password: createTokenSource(target),
    queryMilliseconds: 14_000,
  });
}

/** The common first approach: a connection to the server with a password in each invocation. */
function direct(): Database {
  const where = { host: '127.0.0.1', port: serverPort, ...passwordUser };
  const pool = new Pool({ ...where, database: databaseName, max: 1 });
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, discard: () => void pool.end().catch(() => undefined) };
}

async function sample(who: Sample['who'], { callers, records }: Workload): Promise<Sample> {
  const environments = Array.from({ length: callers }, (_, index) => index);
  const kept = environments.map(() => (who === 'ours' ? throughProxy(processorUser) : undefined));
  const name = `${who}-${callers}-${records}`;
  // Both start warm: an environment pays for its first connection once in its life.
  for (const [index, one] of kept.entries()) if (one !== undefined) await call(one, `${name}-${index}-warm`, 1);
  await ask('watch');
  const milliseconds: number[] = [];
  let failed = 0;
  const run = async (environment: number): Promise<void> => {
    for (let round = 0; round < callsEach; round++) {
      const began = performance.now();
      const database = kept[environment] ?? direct();
      await call(database, `${name}-${environment}-${round}`, records).catch(() => (failed += 1));
      if (kept[environment] === undefined) await database.db.destroy().catch(() => undefined);
      milliseconds.push(performance.now() - began);
    }
  };
  await pMap(environments, run, { concurrency: callers });
  const { most } = watchedSchema.parse(await ask('watched'));
  for (const one of kept) one?.discard();
  return { who, callers, records, milliseconds, connections: most, failed };
}

async function call({ db }: Database, id: string, count: number): Promise<unknown> {
  const record = { customerId: 'c-1', minorUnits: 1_250n, currency: 'EUR', occurredAt: new Date() };
  const records = Array.from({ length: count }, (_, index) => ({ ...record, id: `${id}-${index}` }));
  return ingestRecords({ db, engine: 'postgres' }, records);
}

async function ask(what: string): Promise<unknown> {
  const response = await fetch(control, { method: 'POST', body: JSON.stringify({ do: what }) });
  return response.json();
}

async function main(): Promise<void> {
  const owner = throughProxy(ownerUser);
  await applyMigrations({ db: owner.db, engine: 'postgres' }, migrations);
  await sql.raw(`create role ${passwordUser.user} login password '${passwordUser.password}'`).execute(owner.db);
  await sql.raw(`grant select, insert on records to ${passwordUser.user}`).execute(owner.db);
  owner.discard();
  for (const workload of workloads) for (const who of contestants) process.send?.(await sample(who, workload));
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
