import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import type { Database } from '../../lambda/database-access/database';
import { Deployment, sendWithRetry } from './deployment';
import { openOwner, rowsOf } from './direct-connection';
import { injections } from '../shared/faults/injections';
import { day, makeRecord, sumsOf } from './sent-records';

const concurrency = 4;
/** Text that would reveal the database in an error. */
const forbidden = /drop |delete |select |syntax|records|schema|postgres|mysql|localhost|at \w+ \(/i;

export const injectionProof: Check = {
  name: 'injection',
  title: 'treats fifty injections in every text field as text; schema, privileges and row counts stay',
  // Reads the schema as its owner; only a local run allows that from outside the VPC.
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const owner = openOwner(run, deployment);
    const model = makeRecord(run, 'model');
    const before = await readCatalog(owner, deployment);
    const rowsBefore = await countRows(owner);

    const refused = await run.step('send payloads in fields without free text', () =>
      pMap(
        injections,
        async (payload, index) => {
          const record = { ...model, id: `${model.id}-${index}` };
          const broken = ['amount', 'currency', 'occurredAt'].map((field) => ({ ...record, [field]: payload }));
          const answers = [];
          for (const one of broken) answers.push(await deployment.ingest([one]));
          answers.push(await deployment.totals(model.customerId, payload, day.to));
          answers.push(await deployment.totals(model.customerId, day.from, payload));
          return answers;
        },
        { concurrency },
      ),
    );
    const errors = refused.flat().map((answer) => ('failure' in answer ? answer.failure : undefined));
    run.assert(
      errors.every((error) => error?.errorType === 'UnusableRequest'),
      `all ${errors.length} requests are refused as UnusableRequest`,
    );
    const revealing = errors.filter((error) => forbidden.test(error?.errorMessage.replace(/records\[0\]/g, '') ?? ''));
    run.assert(
      revealing.length === 0,
      'no error reveals the database or repeats the payload',
      revealing[0]?.errorMessage,
    );
    run.assert((await countRows(owner)) === rowsBefore, 'the number of rows is unchanged');

    const stored = injections.map((payload, index) => ({
      ...model,
      id: `${run.runId}${index}${payload}`.slice(0, 128).trim(),
      customerId: `${payload}${run.runId}`.slice(0, 128).trim(),
    }));
    await run.step('send payloads as ids and customers, which are free text', () =>
      pMap(
        stored,
        async (record) => {
          const { inserted } = await sendWithRetry(() => deployment.ingest([record]));
          run.assert(inserted === 1, 'the payload is stored as text');
          const { totals } = await sendWithRetry(() => deployment.totals(record.customerId, day.from, day.to));
          const expected = JSON.stringify(sumsOf([record]));
          run.assert(
            JSON.stringify(totals) === expected,
            'the totals contain its own record only',
            JSON.stringify(totals),
          );
        },
        { concurrency },
      ),
    );
    const rowsAfter = await countRows(owner);
    run.assert(
      rowsAfter === rowsBefore + stored.length,
      `exactly ${stored.length} rows were added`,
      `${rowsAfter - rowsBefore} rows`,
    );
    const after = await readCatalog(owner, deployment);
    run.assert(JSON.stringify(after) === JSON.stringify(before), 'tables, columns and privileges are unchanged');
    run.metric('payloads', injections.length);
    run.metric('catalog rows compared', before.length);
  },
};

async function countRows(owner: Database): Promise<number> {
  const [row = '{}'] = await rowsOf(owner, 'select count(*) as count from records');
  return Number((JSON.parse(row) as { count: string }).count);
}

/** Returns every column and every table privilege of the database, one row each. */
async function readCatalog(owner: Database, { engine }: Deployment): Promise<string[]> {
  const schema = engine === 'mysql' ? 'database()' : "'public'";
  const columns = `select table_name, column_name, data_type from information_schema.columns
    where table_schema = ${schema} order by table_name, column_name`;
  const rights = `select grantee, table_name, privilege_type from information_schema.table_privileges
    where table_schema = ${schema} order by grantee, table_name, privilege_type`;
  return [...(await rowsOf(owner, columns)), ...(await rowsOf(owner, rights))];
}
