import { setTimeout as sleep } from 'node:timers/promises';
import { lockWaitSeconds, statementSeconds } from '../../lambda/database-access/database-schema';
import type { Check, ScenarioRun } from '../shared/scenario';
import { Deployment, type SentRecord } from './deployment';
import { openOwner } from './direct-connection';
import { makeRecords } from './sent-records';

/** Longer than the server allows a statement. */
const lockedSeconds = statementSeconds + 4;
/** Three waits, each below the limit of one; together they are above that of a statement. */
const shortSeconds = lockWaitSeconds - 0.5;
const inARow = [1, 2, 3].map((count) => count * shortSeconds);

export const lockedRowsProof: Check = {
  name: 'locked-rows',
  title: 'ingests records whose ids other transactions have held for longer than a statement may take',
  // Holds the lock as the owner; only a local run allows that from outside the VPC.
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const ingested = async (records: readonly SentRecord[], locks: readonly number[]): Promise<void> => {
      const releases = await Promise.all(
        records.map((record, index) => lock(run, deployment, record, locks[index] ?? 0)),
      );
      const answer = await deployment.ingest(records);
      await Promise.all(releases.map(({ released }) => released));
      run.assertEqual<unknown>(answer, { value: { inserted: records.length, duplicates: 0, conflicts: [] } }, 'answer');
    };
    await run.step(`ingest a record that is locked for ${lockedSeconds} s`, () =>
      ingested(makeRecords(run, 1, 1, 'locked'), [lockedSeconds]),
    );
    await run.step(`ingest records whose locks end one after the other, after ${inARow.join(', ')} s`, () =>
      ingested(makeRecords(run, inARow.length, 1, 'in-a-row'), inARow),
    );
  },
};

/** Holds the id of a record in a transaction that ends after these seconds without an insert. */
async function lock(
  run: ScenarioRun,
  deployment: Deployment,
  record: SentRecord,
  seconds: number,
): Promise<{ readonly released: Promise<unknown> }> {
  const owner = openOwner(run, deployment);
  const row = {
    id: record.id,
    customer_id: record.customerId,
    amount_cents: '1',
    currency: record.currency,
    occurred_at: new Date(record.occurredAt),
  };
  const locked = Promise.withResolvers<boolean>();
  const hold = owner.db.transaction().execute(async (transaction) => {
    await transaction.insertInto('records').values(row).execute();
    locked.resolve(true);
    await sleep(seconds * 1_000);
    throw new Error('rolled back');
  });
  hold.catch(locked.reject);
  await locked.promise;
  return { released: hold.catch(() => undefined) };
}
