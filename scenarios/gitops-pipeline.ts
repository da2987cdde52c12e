import { approvalProof } from './gitops-pipeline/approval-proof';
import { failedStepsProof } from './gitops-pipeline/failed-steps-proof';
import { lostEventsProof } from './gitops-pipeline/lost-events-proof';
import { pushesProof } from './gitops-pipeline/pushes-proof';
import { smokeTest } from './gitops-pipeline/smoke-test';
import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';

const scenario: Scenario = {
  slug: 'gitops-pipeline',
  // Long enough for two looks at the alarms.
  settings: { watchSeconds: 2 },
  smokeTest,
  proofs: [approvalProof, lostEventsProof, pushesProof, failedStepsProof, alarmsProof],
};
export default scenario;
