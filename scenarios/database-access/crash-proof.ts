import { setTimeout as sleep } from 'node:timers/promises';
import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import { Deployment, valueOf, type SentRecord } from './deployment';
import { faultsOf } from '../shared/faults/fault-injector';
import { inBatches, makeRecords } from './sent-records';
import { verify } from './soak';

const [recordCount, batchSize, customers, lanes, crashes] = [5_000, 50, 5, 4, 3];
const soonMilliseconds = 2_000;

/** What callers saw of the database: when it answered them, and how often it did not. */
interface Sightings {
  readonly answeredAt: number[];
  failures: number;
}

export const crashProof: Check = {
  name: 'crashed-database',
  title: 'a database that is killed while records come in loses and doubles none, and answers soon after its return',
  needs: 'faults',
  // It takes the time of answers.
  alone: true,
  async run(run) {
    const faults = faultsOf(run);
    const deployment = await Deployment.read(run);
    const records = makeRecords(run, recordCount, customers, 'crash');
    const seen: Sightings = { answeredAt: [], failures: 0 };
    const returns: number[] = [];
    let isDone = false;
    const killing = async (): Promise<void> => {
      // All the batches that are there may be in before the last crash: then it meets what is sent again.
      for (let count = 0; count < crashes; count++) {
        await sleep(1_500);
        returns.push((await faults.crashDatabase()).returnedAt);
        await sleep(soonMilliseconds);
      }
      isDone = true;
    };
    await run.step(`ingest ${recordCount} records, and kill the database ${crashes} times`, async () => {
      const sending = async (): Promise<void> => {
        do await sendAll(deployment, records, seen);
        while (!isDone);
      };
      await Promise.all([sending(), killing()]);
    });

    for (const [index, returnedAt] of returns.entries()) {
      const first = Math.min(...seen.answeredAt.filter((at) => at >= returnedAt));
      const waited = first - returnedAt;
      run.assert(
        waited <= soonMilliseconds,
        `the first answer comes within 2 s of return ${index + 1}`,
        `${waited} ms`,
      );
      run.metric(`first answer after return ${index + 1}`, waited, 'ms');
    }
    run.metric('batches acknowledged', seen.answeredAt.length);
    run.metric('calls that failed and were made again', seen.failures);
    assertWorkOutcome(run, 'records', await run.step('look for each', () => verify(run, deployment, records)));
  },
};

async function sendAll(deployment: Deployment, records: readonly SentRecord[], seen: Sightings): Promise<void> {
  await inLanes(inBatches(records, batchSize), lanes, async (batch) => {
    for (;;) {
      const answer = await deployment.ingest(batch);
      if ('value' in answer) {
        seen.answeredAt.push(Date.now());
        if (answer.value.conflicts.length > 0) throw new Error('a record conflicts with itself');
        return;
      }
      if (answer.failure.errorType !== 'DatabaseUnavailable') valueOf(answer);
      seen.failures += 1;
    }
  });
}
