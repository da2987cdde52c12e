import { alarmsProof } from './shared/alarms-proof';
import { badInputProof, bombsProof } from './image-resize/bad-input-proof';
import { nestedKeysProof, overwritesProof, stormProof } from './image-resize/reconcile-proofs';
import { disturbedCallsProof, killedWorkersProof } from './image-resize/fault-proofs';
import { failuresProof } from './image-resize/failures-proof';
import { formatsProof } from './image-resize/formats-proof';
import { duplicatesProof, recordsProof } from './image-resize/idempotency-proofs';
import { notFoundProof } from './image-resize/not-found-proof';
import { oddKeysProof } from './image-resize/odd-keys-proof';
import { soak } from './image-resize/soak';
import { smokeTest } from './image-resize/smoke-test';
import type { Scenario } from './shared/scenario';

const scenario: Scenario = {
  slug: 'image-resize',
  smokeTest,
  soak,
  proofs: [
    formatsProof,
    oddKeysProof,
    badInputProof,
    bombsProof,
    nestedKeysProof,
    duplicatesProof,
    recordsProof,
    notFoundProof,
    overwritesProof,
    stormProof,
    killedWorkersProof,
    disturbedCallsProof,
    failuresProof,
    alarmsProof,
  ],
};
export default scenario;
