import { setTimeout as sleep } from 'node:timers/promises';
import { faultsOf } from '../shared/faults/fault-injector';
import { kills } from '../shared/faults/kills';
import { repeatedFault } from '../shared/faults/repeated-fault';
import { inLanes } from '../shared/in-lanes';
import type { ScenarioRun, Soak, WorkOutcome } from '../shared/scenario';
import { Deployment, valueOf, type SentRecord } from './deployment';
import { day, inBatches, makeRecords, sumsOf } from './sent-records';

const [batchSize, lanes, customers] = [50, 3, 5];
/** A database that was killed comes back within seconds; callers that wait longer than this have lost it. */
const patienceMilliseconds = 60_000;

/** Records that are ingested by callers who send again what was not acknowledged, and their totals. */
export const soak: Soak = {
  units: 'records',
  async open(run) {
    const deployment = await Deployment.read(run);
    const acknowledged: SentRecord[] = [];
    let batches = 0;
    return {
      faults: [
        kills([deployment.functionName]),
        repeatedFault({
          fault: 'connection-loss',
          title: 'kills of the database',
          needs: 'faults',
          everyMilliseconds: 4_000,
          inject: async () => ((await faultsOf(run).crashDatabase()).returnedAt > 0 ? 1 : 0),
        }),
        repeatedFault({
          fault: 'duplicate-delivery',
          title: 'records sent again',
          everyMilliseconds: 1_000,
          async inject(_run, rng) {
            const start = Math.floor(rng.random() * acknowledged.length);
            const again = acknowledged.slice(start, start + batchSize);
            if (again.length > 0) await ingestUntilAcknowledged(deployment, again);
            return again.length;
          },
        }),
      ],
      async work() {
        await inLanes(Array.from({ length: lanes }), lanes, async (_) => {
          batches += 1;
          const records = makeRecords(run, batchSize, customers, `soak-${batches}`);
          await ingestUntilAcknowledged(deployment, records);
          acknowledged.push(...records);
        });
        await sleep(100);
      },
      verify: () => verify(run, deployment, acknowledged),
    };
  },
};

/** As a caller does who may send the same records again: until they are acknowledged. */
export async function ingestUntilAcknowledged(deployment: Deployment, records: readonly SentRecord[]): Promise<void> {
  const giveUp = Date.now() + patienceMilliseconds;
  for (;;) {
    const answer = await deployment.ingest(records);
    if ('value' in answer) {
      if (answer.value.conflicts.length > 0) throw new Error(`${answer.value.conflicts[0]} conflicts with itself`);
      return;
    }
    if (answer.failure.errorType === 'UnusableRequest' || Date.now() > giveUp) valueOf(answer);
    await sleep(100);
  }
}

/** Looks for every record by sending it again, and compares all totals with an independent sum. */
export async function verify(
  run: ScenarioRun,
  deployment: Deployment,
  records: readonly SentRecord[],
): Promise<WorkOutcome> {
  const again = await inLanes(inBatches(records, 1_000), 2, async (batch) => valueOf(await deployment.ingest(batch)));
  const missing = records.length - again.reduce((sum, { duplicates }) => sum + duplicates, 0);
  const wrong: string[] = [];
  for (const customerId of new Set(records.map((record) => record.customerId))) {
    const { totals } = valueOf(await deployment.totals(customerId, day.from, day.to));
    const expected = sumsOf(records.filter((record) => record.customerId === customerId));
    const [found, wanted] = [JSON.stringify(totals), JSON.stringify(expected)];
    if (found !== wanted) wrong.push(`${customerId.slice(run.runId.length + 1)}: ${found}, not ${wanted}`);
  }
  // What is missing was put in by the look for it: the totals are those of all records again.
  return { placed: records.length, lost: missing === 0 ? [] : [`${missing} records`], duplicated: wrong };
}
