import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { faultsOf } from '../shared/faults/fault-injector';
import { kills } from '../shared/faults/kills';
import { repeatedFault } from '../shared/faults/repeated-fault';
import type { ScenarioRun, Soak, WorkOutcome } from '../shared/scenario';
import { Deployment, valueOf, type SentRecord } from './deployment';
import { day, inBatches, makeRecords, sumsOf } from './sent-records';

const [batchSize, concurrency, customers] = [50, 3, 5];
/** A killed database is back within seconds; a caller that fails for longer than this gives up. */
const giveUpMilliseconds = 60_000;

/** Ingestion by callers who repeat unacknowledged batches, and the totals of all records. */
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
        const ingestBatch = async (): Promise<void> => {
          batches += 1;
          const records = makeRecords(run, batchSize, customers, `soak-${batches}`);
          await ingestUntilAcknowledged(deployment, records);
          acknowledged.push(...records);
        };
        await Promise.all(Array.from({ length: concurrency }, ingestBatch));
        await sleep(100);
      },
      verify: () => verify(run, deployment, acknowledged),
    };
  },
};

/** Sends the same records until they are acknowledged. */
export async function ingestUntilAcknowledged(deployment: Deployment, records: readonly SentRecord[]): Promise<void> {
  const giveUp = Date.now() + giveUpMilliseconds;
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

/** Sends every record again to find missing ones, and compares all totals with an independent sum. */
export async function verify(
  run: ScenarioRun,
  deployment: Deployment,
  records: readonly SentRecord[],
): Promise<WorkOutcome> {
  const again = await pMap(inBatches(records, 1_000), async (batch) => valueOf(await deployment.ingest(batch)), {
    concurrency: 2,
  });
  const missing = records.length - again.reduce((sum, { duplicates }) => sum + duplicates, 0);
  const wrong: string[] = [];
  for (const customerId of new Set(records.map((record) => record.customerId))) {
    const { totals } = valueOf(await deployment.totals(customerId, day.from, day.to));
    const expected = sumsOf(records.filter((record) => record.customerId === customerId));
    const [found, wanted] = [JSON.stringify(totals), JSON.stringify(expected)];
    if (found !== wanted) wrong.push(`${customerId.slice(run.runId.length + 1)}: ${found}, not ${wanted}`);
  }
  // The repeated batches have inserted missing records, so the totals are those of all records.
  return { placed: records.length, lost: missing === 0 ? [] : [`${missing} records`], duplicated: wrong };
}
