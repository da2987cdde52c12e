import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import { Deployment, valueOf, type SentRecord } from './deployment';
import { faultsOf } from '../shared/faults/fault-injector';
import { inBatches, makeRecords } from './sent-records';
import { verify } from './soak';

const [recordCount, batchSize, customers, concurrency, crashes] = [5_000, 50, 5, 4, 3];
/** Longest wait for an answer after the database is back, with time for a slow machine. */
const recoveryMilliseconds = 10_000;

/** Results of the callers: times of the answers, and the number of failed calls. */
interface CallResults {
  readonly answeredAt: number[];
  failures: number;
}

export const crashProof: Check = {
  name: 'crashed-database',
  title: 'loses and duplicates no record when the database is killed, and answers soon after its return',
  needs: 'faults',
  // Measures the time to the first answer.
  alone: true,
  async run(run) {
    const faults = faultsOf(run);
    const deployment = await Deployment.read(run);
    const records = makeRecords(run, recordCount, customers, 'crash');
    const results: CallResults = { answeredAt: [], failures: 0 };
    const returns: number[] = [];
    let isDone = false;
    const killing = async (): Promise<void> => {
      // All batches may be stored before the last crash: then they are sent again.
      for (let count = 0; count < crashes; count++) {
        await sleep(1_500);
        const { returnedAt } = await faults.crashDatabase();
        returns.push(returnedAt);
        await run.eventually('the first answer', () => Promise.resolve(waitedFor(results, returnedAt)), {
          everyMilliseconds: 50,
        });
      }
      isDone = true;
    };
    await run.step(`ingest ${recordCount} records, and kill the database ${crashes} times`, async () => {
      const sending = async (): Promise<void> => {
        do await sendAll(deployment, records, results);
        while (!isDone);
      };
      await Promise.all([sending(), killing()]);
    });

    for (const [index, returnedAt] of returns.entries()) {
      const waited = waitedFor(results, returnedAt) ?? Infinity;
      run.assert(
        waited <= recoveryMilliseconds,
        `the first answer comes within ${recoveryMilliseconds / 1_000} s of return ${index + 1}`,
        `${waited} ms`,
      );
      run.metric(`first answer after return ${index + 1}`, waited, 'ms');
    }
    run.metric('batches acknowledged', results.answeredAt.length);
    run.metric('failed calls that were repeated', results.failures);
    assertWorkOutcome(run, 'records', await run.step('verify every record', () => verify(run, deployment, records)));
  },
};

/** Milliseconds from a moment to the first answer after it. */
function waitedFor({ answeredAt }: CallResults, moment: number): number | undefined {
  const first = answeredAt.find((at) => at >= moment);
  return first === undefined ? undefined : first - moment;
}

async function sendAll(deployment: Deployment, records: readonly SentRecord[], results: CallResults): Promise<void> {
  const send = async (batch: readonly SentRecord[]): Promise<void> => {
    for (;;) {
      const answer = await deployment.ingest(batch);
      if ('value' in answer) {
        results.answeredAt.push(Date.now());
        if (answer.value.conflicts.length > 0) throw new Error('a record conflicts with itself');
        return;
      }
      if (answer.failure.errorType !== 'DatabaseUnavailable') valueOf(answer);
      results.failures += 1;
    }
  };
  await pMap(inBatches(records, batchSize), send, { concurrency });
}
