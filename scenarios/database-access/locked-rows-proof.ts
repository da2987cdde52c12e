import { setTimeout as sleep } from 'node:timers/promises';
import { statementSeconds } from '../../lambda/database-access/database-schema';
import type { Check } from '../shared/scenario';
import { Deployment } from './deployment';
import { openOwner } from './direct-connection';
import { makeRecord } from './sent-records';

/** Longer than the server allows a statement. */
const lockedSeconds = statementSeconds + 4;

export const lockedRowsProof: Check = {
  name: 'locked-rows',
  title: 'ingests a record whose id another transaction has held for longer than a statement may take',
  // Holds the lock as the owner; only a local run allows that from outside the VPC.
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const owner = openOwner(run, deployment);
    const record = makeRecord(run, 'locked');
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
      await sleep(lockedSeconds * 1_000);
      throw new Error('rolled back');
    });
    hold.catch(locked.reject);
    await locked.promise;
    const answer = await run.step(`ingest a record that is locked for ${lockedSeconds} s`, () =>
      deployment.ingest([record]),
    );
    await hold.catch(() => undefined);
    run.assertEqual<unknown>(answer, { value: { inserted: 1, duplicates: 0, conflicts: [] } }, 'answer');
  },
};
