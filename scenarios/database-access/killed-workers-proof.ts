import { killAtWork } from '../shared/faults/kills';
import { assertWorkOutcome } from '../shared/faults/work-outcome';
import { inLanes } from '../shared/in-lanes';
import type { Check } from '../shared/scenario';
import { Deployment, type SentRecord } from './deployment';
import { inBatches, makeRecords } from './sent-records';
import { ingestUntilAcknowledged, verify } from './soak';

const kills = 8;

export const killedWorkersProof: Check = {
  name: 'killed-workers',
  title: 'functions that are killed while they ingest, before or after their commit, lose and double no record',
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const records: SentRecord[] = [];
    let isDone = false;
    const ingesting = async (): Promise<void> => {
      while (!isDone) {
        const more = makeRecords(run, 200, 3, `killed-${records.length}`);
        await inLanes(inBatches(more, 25), 4, (batch) => ingestUntilAcknowledged(deployment, batch));
        records.push(...more);
      }
    };
    const killing = killAtWork(run, [deployment.functionName], kills, 100).finally(() => (isDone = true));
    await run.step(`ingest records, and kill at least ${kills} functions`, () => Promise.all([ingesting(), killing]));
    assertWorkOutcome(run, 'records', await run.step('look for each', () => verify(run, deployment, records)));
  },
};
