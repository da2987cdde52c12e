import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import type { Database } from '../../lambda/database-access/database';
import { Deployment, valueOfSent } from './deployment';
import { asOwner, rowsOf } from './direct';
import { injections } from '../shared/faults/injections';
import { day, makeRecords, sumsOf } from './sent-records';

const forbidden = /drop |delete |select |syntax|records|schema|postgres|mysql|localhost|at \w+ \(/i;

export const injectionProof: Check = {
  name: 'injection',
  title: 'fifty injections in every field that holds text are text: schema, rights and row counts stay as they were',
  // The schema is read as its owner, which only a local run lets anybody do from outside of the VPC.
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const owner = asOwner(deployment);
    run.cleanUp('leave the database', () => {
      owner.discard();
      return Promise.resolve();
    });
    const [model] = makeRecords(run, 1, 1, 'model');
    if (model === undefined) throw new Error('no record was made');
    const before = await catalogue(owner, deployment);
    const rowsBefore = await countRows(owner);

    const refused = await run.step('in fields that take no free text', () =>
      inLanes(injections, 4, async (payload, index) => {
        const record = { ...model, id: `${model.id}-${index}` };
        const broken = ['amount', 'currency', 'occurredAt'].map((field) => ({ ...record, [field]: payload }));
        const answers = [];
        for (const one of broken) answers.push(await deployment.ingest([one]));
        answers.push(await deployment.totals(model.customerId, payload, day.to));
        answers.push(await deployment.totals(model.customerId, day.from, payload));
        return answers;
      }),
    );
    const errors = refused.flat().map((answer) => ('failure' in answer ? answer.failure : undefined));
    run.assert(
      errors.every((error) => error?.errorType === 'UnusableRequest'),
      `all ${errors.length} are refused as unusable`,
    );
    const telling = errors.filter((error) => forbidden.test(error?.errorMessage.replace(/records\.0/g, '') ?? ''));
    run.assert(
      telling.length === 0,
      'no refusal tells of the database, or repeats the payload',
      telling[0]?.errorMessage,
    );
    run.assert((await countRows(owner)) === rowsBefore, 'no row came or went');

    const stored = injections.map((payload, index) => ({
      ...model,
      id: `${run.runId}${index}${payload}`.slice(0, 128).trim(),
      customerId: `${payload}${run.runId}`.slice(0, 128).trim(),
    }));
    await run.step('in ids and customers, which are free text', () =>
      inLanes(stored, 4, async (record) => {
        const { inserted } = await valueOfSent(() => deployment.ingest([record]));
        run.assert(inserted === 1, 'it is stored as text');
        const { totals } = await valueOfSent(() => deployment.totals(record.customerId, day.from, day.to));
        const expected = JSON.stringify(sumsOf([record]));
        run.assert(
          JSON.stringify(totals) === expected,
          'it finds its own record, and no other',
          JSON.stringify(totals),
        );
      }),
    );
    const rowsAfter = await countRows(owner);
    run.assert(
      rowsAfter === rowsBefore + stored.length,
      `exactly ${stored.length} rows came`,
      `${rowsAfter - rowsBefore} came`,
    );
    const after = await catalogue(owner, deployment);
    run.assert(JSON.stringify(after) === JSON.stringify(before), 'tables, columns and rights are as they were');
    run.metric('payloads', injections.length);
    run.metric('rows of the catalogue compared', before.length);
  },
};

async function countRows(owner: Database): Promise<number> {
  const [row = '{}'] = await rowsOf(owner, 'select count(*) as count from records');
  return Number((JSON.parse(row) as { count: string }).count);
}

/** Every column and every right of the database, one row each. */
async function catalogue(owner: Database, { engine }: Deployment): Promise<string[]> {
  const schema = engine === 'mysql' ? 'database()' : "'public'";
  const columns = `select table_name, column_name, data_type from information_schema.columns
    where table_schema = ${schema} order by table_name, column_name`;
  const rights = `select grantee, table_name, privilege_type from information_schema.table_privileges
    where table_schema = ${schema} order by grantee, table_name, privilege_type`;
  return [...(await rowsOf(owner, columns)), ...(await rowsOf(owner, rights))];
}
