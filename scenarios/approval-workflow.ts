import { decisionsProof, twoApproversProof } from './approval-workflow/decisions-proof';
import { endsProof } from './approval-workflow/ends-proof';
import { hostileInputProof } from './approval-workflow/hostile-input-proof';
import { capacityProof, launchesProof } from './approval-workflow/launches-proof';
import { limitsProof } from './approval-workflow/limits-proof';
import { smokeTest } from './approval-workflow/smoke-test';
import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';

const scenario: Scenario = {
  slug: 'approval-workflow',
  smokeTest,
  proofs: [
    decisionsProof,
    twoApproversProof,
    launchesProof,
    capacityProof,
    limitsProof,
    endsProof,
    hostileInputProof,
    alarmsProof,
  ],
};
export default scenario;
