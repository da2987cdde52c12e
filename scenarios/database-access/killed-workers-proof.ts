import pMap from 'p-map';
import { killAtWork } from '../shared/faults/kills';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import type { Check } from '../shared/scenario';
import { Deployment, type SentRecord } from './deployment';
import { inBatches, makeRecords } from './sent-records';
import { ingestUntilAcknowledged, verify } from './soak';

const kills = 8;

export const killedWorkersProof: Check = {
  name: 'killed-workers',
  title: 'loses and duplicates no record when functions are killed before or after their commit',
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const records: SentRecord[] = [];
    let isDone = false;
    const ingesting = async (): Promise<void> => {
      while (!isDone) {
        const more = makeRecords(run, 200, 3, `killed-${records.length}`);
        await pMap(inBatches(more, 25), (batch) => ingestUntilAcknowledged(deployment, batch), { concurrency: 4 });
        records.push(...more);
      }
    };
    const killing = killAtWork(run, [deployment.functionName], kills, 100).finally(() => (isDone = true));
    await run.step(`ingest records, and kill at least ${kills} functions`, () => Promise.all([ingesting(), killing]));
    assertWorkOutcome(run, 'records', await run.step('verify every record', () => verify(run, deployment, records)));
  },
};
