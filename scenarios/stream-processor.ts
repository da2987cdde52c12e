import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';
import { exactWindowsProof } from './stream-processor/exact-windows-proof';
import { disturbedCallsProof, killedWorkersProof } from './stream-processor/fault-proofs';
import { outageProof } from './stream-processor/outage-proof';
import { reshardProof } from './stream-processor/reshard-proof';
import { smokeTest } from './stream-processor/smoke-test';
import { triggerOutageProof } from './stream-processor/trigger-outage-proof';
import { triggersProof } from './stream-processor/triggers-proof';
import { viewProof } from './stream-processor/view-proof';

/** Short waits: an attempt waits for busy services until shortly before the timeout. */
const settings = { timeoutSeconds: 10, maximumRetries: 1, batchSize: 500, batchingWindowSeconds: 0 };

const scenario: Scenario = {
  slug: 'stream-processor',
  smokeTest,
  proofs: [
    exactWindowsProof,
    killedWorkersProof,
    disturbedCallsProof,
    outageProof,
    viewProof,
    triggersProof,
    triggerOutageProof,
    reshardProof,
    alarmsProof,
  ],
  settings,
};
export default scenario;
