import { sql } from 'kysely';
import { applyMigrations } from '../../lambda/database-access/apply-migrations';
import { processorUser } from '../../lambda/database-access/database-schema';
import { migrations } from '../../lambda/database-access/migrations';
import { ingestRecords, sumRecords } from '../../lambda/database-access/records';
import { runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import { Deployment } from './deployment';
import { connectAsOwner, openOwner, rowsOf } from './direct-connection';

const latest = migrations.length;
const record = {
  id: 'r-1',
  customerId: 'c-1',
  minorUnits: 1_250n,
  currency: 'EUR',
  occurredAt: new Date('2026-11-21'),
};

export const migrationsProof: Check = {
  name: 'migrations',
  title: 'brings the schema up to date from nothing and from every version; a failed step says why',
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const schemas = new Set<string>();
    for (let version = 0; version <= latest; version++) {
      await run.step(`from version ${version}`, async () => {
        schemas.add(await assertMigratedFrom(run, deployment, version));
      });
    }
    run.assert(
      schemas.size === 1,
      'the schema is the same from every starting version',
      `${schemas.size} different ones`,
    );
    await run.step('run a step that fails', () => assertFailureReported(run, deployment));
    await run.step('run a corrected step', () => assertCorrected(run, deployment));
    await run.step('run twice at once', () => assertConcurrent(run, deployment));
    const migrated = await operate(run, 'migrate');
    run.assert(migrated.includes(`the schema is at version ${latest}`), 'the command tells the version', migrated);
  },
};

/** Runs a command of the runbook. */
function operate(run: ScenarioRun, command: string): Promise<string> {
  return runCommand(run, 'database-access', `npm run ops -- database-access ${command}`);
}

/** Migrates a new database to a version and then to the latest; returns its schema. */
async function assertMigratedFrom(run: ScenarioRun, deployment: Deployment, version: number): Promise<string> {
  const { engine } = deployment;
  const database = await createDatabase(run, deployment, `from_${version}`);
  const target = { db: database.db, engine };
  const before = await applyMigrations(target, migrations.slice(0, version));
  run.assert(before.version === version, `the schema is at version ${version}`);
  if (version > 0) await ingestRecords(target, [record]);
  const report = await applyMigrations(target, migrations);
  const expected = migrations.slice(version).map((one) => one.version);
  run.assert(report.applied.join() === expected.join(), `the next run applies ${expected.join(', ') || 'nothing'}`);
  const again = await applyMigrations(target, migrations);
  run.assert(again.applied.length === 0 && again.version === latest, 'a repeated run applies nothing');

  const answer = await ingestRecords(target, [record]);
  run.assert(answer.inserted + answer.duplicates === 1, 'new records are ingested and earlier ones are kept');
  const { totals: sums } = await sumRecords(target, {
    customerId: record.customerId,
    from: new Date('2026-11-01'),
    to: new Date('2026-12-01'),
  });
  run.assert(sums['EUR'] === '12.50', 'the total is exact', JSON.stringify(sums));
  const schema = engine === 'mysql' ? 'database()' : "'public'";
  const columns = await rowsOf(
    database,
    `select table_name, column_name, data_type from information_schema.columns where table_schema = ${schema}
     order by table_name, column_name`,
  );
  const rights = await rowsOf(
    database,
    `select table_name, privilege_type from information_schema.table_privileges
     where table_schema = ${schema} and grantee like '%${processorUser}%' order by table_name, privilege_type`,
  );
  return [...columns, ...rights].join('\n');
}

async function assertFailureReported(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const { engine } = deployment;
  const database = await createDatabase(run, deployment, 'failing');
  const statements = ['alter table records add column sound integer', 'alter table missing add column x integer'];
  const failing = {
    version: latest + 1,
    name: 'a failing step',
    statements: { postgres: statements, mysql: statements },
  };
  const message = await applyMigrations({ db: database.db, engine }, [...migrations, failing]).then(
    () => 'nothing failed',
    (error: unknown) => String(error),
  );
  run.assert(
    message.includes(`migration ${latest + 1} (a failing step) failed`) && /missing/.test(message),
    'the failure names the migration and includes the message of the database',
    message,
  );
  const [row] = await rowsOf(database, 'select max(version) as version from schema_migrations').catch(() => []);
  const recorded = row === undefined ? undefined : (JSON.parse(row) as { version: number | null }).version;
  // PostgreSQL rolls back the whole run; MySQL keeps the earlier steps.
  run.assert(recorded === (engine === 'mysql' ? latest : null), 'the failing step is not recorded', String(row));
}

/** Runs a step whose second statement fails, corrects that, and runs the step again. */
async function assertCorrected(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const { engine } = deployment;
  const database = await createDatabase(run, deployment, 'corrected');
  const target = { db: database.db, engine };
  const withSecond = (second: string) => {
    const statements = ['alter table records add column one integer', second];
    return [
      ...migrations,
      { version: latest + 1, name: 'two', statements: { postgres: statements, mysql: statements } },
    ];
  };
  const failing = withSecond('alter table missing add column two integer');
  const failure = await applyMigrations(target, failing).then(() => 'nothing failed', String);
  run.assert(failure.includes(`migration ${latest + 1} (two) failed`), 'the second statement fails', failure);
  const report = await applyMigrations(target, withSecond('alter table records add column two integer'));
  run.assertEqual(report.version, latest + 1, 'version after the correction');
  const rows = await rowsOf(database, 'select one, two from records');
  run.assertEqual(rows.length, 0, 'rows of a table with both columns');
}

/** Two runs on an empty database, as of a deployment and an operator. */
async function assertConcurrent(run: ScenarioRun, deployment: Deployment): Promise<void> {
  const { engine } = deployment;
  const database = await createDatabase(run, deployment, 'twice');
  const other = openOwner(run, deployment, `proof_${run.runId}_twice`);
  const targets = [database, other].map(({ db }) => ({ db, engine }));
  const reports = await Promise.all(targets.map((target) => applyMigrations(target, migrations)));
  run.assertEqual(
    reports.map(({ version }) => version),
    [latest, latest],
    'versions after two runs at once',
  );
  run.assertEqual(reports.flatMap(({ applied }) => applied).length, latest, 'migrations applied');
}

async function createDatabase(run: ScenarioRun, deployment: Deployment, name: string) {
  const owner = connectAsOwner(deployment);
  const database = `proof_${run.runId}_${name}`;
  await sql.raw(`create database ${database}`).execute(owner.db);
  const opened = connectAsOwner(deployment, database);
  run.cleanUp(`drop ${database}`, async () => {
    opened.discard();
    const force = deployment.engine === 'mysql' ? '' : ' with (force)';
    await sql.raw(`drop database ${database}${force}`).execute(owner.db);
    owner.discard();
  });
  return opened;
}
