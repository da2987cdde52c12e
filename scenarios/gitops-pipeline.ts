import { approvalProof } from './gitops-pipeline/approval-proof';
import { failedStepsProof } from './gitops-pipeline/failed-steps-proof';
import { hostileCommitsProof } from './gitops-pipeline/hostile-commits-proof';
import { lostAnswersProof } from './gitops-pipeline/lost-answers-proof';
import { lostEventsProof } from './gitops-pipeline/lost-events-proof';
import { pushesProof } from './gitops-pipeline/pushes-proof';
import { smokeTest } from './gitops-pipeline/smoke-test';
import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';
import { recover } from './gitops-pipeline/sweep';

const scenario: Scenario = {
  slug: 'gitops-pipeline',
  // Long enough for two looks at the alarms, and for the approvals that a proof gives on a slow machine.
  settings: { watchSeconds: 2, approvalHours: 0.03 },
  smokeTest,
  proofs: [
    approvalProof,
    hostileCommitsProof,
    lostAnswersProof,
    lostEventsProof,
    pushesProof,
    failedStepsProof,
    alarmsProof,
  ],
  recover,
};
export default scenario;
