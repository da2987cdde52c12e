import { migrations } from '../../lambda/database-access/migrations';
import type { Check } from '../shared/scenario';
import { Deployment, valueOf, sendWithRetry } from './deployment';
import { day, makeRecords, sumsOf } from './sent-records';

/** Checks the schema, ingestion, repeated ingestion, and totals. */
export const smokeTest: Check = {
  name: 'records-and-totals',
  title: 'migrates the schema, ingests each record once, and returns exact totals',
  async run(run) {
    const deployment = await Deployment.read(run);
    const latest = migrations.length;
    const report = valueOf(await run.step('migrate again', () => deployment.migrate()));
    run.assert(report.version === latest, `the deployment has migrated the schema to version ${latest}`);
    run.assert(report.applied.length === 0, 'migrating again changes nothing', JSON.stringify(report));

    const records = makeRecords(run, 100, 3);
    const first = await run.step('ingest 100 records', () => sendWithRetry(() => deployment.ingest(records)));
    run.assert(first.inserted === 100 && first.duplicates === 0, 'all records are inserted', JSON.stringify(first));
    const [changed, ...same] = records;
    if (changed === undefined) throw new Error('no records were made');
    const again = [{ ...changed, amount: '0.01' }, ...same];
    const second = await run.step('ingest them again, one changed', () =>
      sendWithRetry(() => deployment.ingest(again)),
    );
    run.assert(
      second.inserted === 0 && second.duplicates === 99 && second.conflicts.join() === changed.id,
      '99 are duplicates, and the changed one is reported as a conflict',
      JSON.stringify(second),
    );

    await run.step('sum up each customer', async () => {
      for (const customerId of new Set(records.map((record) => record.customerId))) {
        const { totals } = await sendWithRetry(() => deployment.totals(customerId, day.from, day.to));
        const expected = sumsOf(records.filter((record) => record.customerId === customerId));
        run.assert(
          JSON.stringify(totals) === JSON.stringify(expected),
          `the totals of ${customerId} are exact`,
          JSON.stringify({ totals, expected }),
        );
      }
    });
  },
};
