import { archivedProof } from './etl-pipeline/archived-proof';
import { badRowsProof } from './etl-pipeline/bad-rows-proof';
import { extractProof, extractSettings } from './etl-pipeline/extract-proof';
import { disturbedCallsProof } from './etl-pipeline/disturbed-calls-proof';
import { killsProof } from './etl-pipeline/kills-proof';
import { replayProof } from './etl-pipeline/replay-proof';
import { smokeTest } from './etl-pipeline/smoke-test';
import { tortureProof } from './etl-pipeline/torture-proof';
import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';

const scenario: Scenario = {
  slug: 'etl-pipeline',
  smokeTest,
  // Small chunks, so that small files have many.
  settings: { chunkKilobytes: 16, ...extractSettings },
  proofs: [
    badRowsProof,
    tortureProof,
    archivedProof,
    replayProof,
    extractProof,
    killsProof,
    disturbedCallsProof,
    alarmsProof,
  ],
};
export default scenario;
