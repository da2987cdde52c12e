import { alarmsProof } from './shared/alarms-proof';
import { exactlyOnceProof } from './queue-processor/exactly-once-proof';
import { disturbedCallsProof, killedWorkersProof, throttlingProof } from './queue-processor/fault-proofs';
import { heldBackProof, inOrderProof } from './queue-processor/in-order-proof';
import { redriveProof } from './queue-processor/redrive-proof';
import { soak } from './queue-processor/soak';
import { smokeTest } from './queue-processor/smoke-test';
import type { Scenario } from './shared/scenario';

/** Short waits: a batch of a killed worker is hidden for six timeouts, and a failed message for its backoff. */
const settings = {
  timeoutSeconds: 5,
  safetyMarginMilliseconds: 2_000,
  backoff: { baseSeconds: 1, capSeconds: 2 },
  maximumConcurrency: 4,
};

const scenario: Scenario = {
  slug: 'queue-processor',
  smokeTest,
  soak,
  proofs: [exactlyOnceProof, killedWorkersProof, throttlingProof, disturbedCallsProof, redriveProof, alarmsProof],
  settings,
  variants: [
    {
      name: 'fifo',
      // No worker is killed here, so that the timeout needs no shortening: a slow machine has the time of an account.
      settings: { fifo: true, timeoutSeconds: 20, backoff: { baseSeconds: 2, capSeconds: 4 } },
      proofs: [inOrderProof, heldBackProof],
    },
  ],
};
export default scenario;
