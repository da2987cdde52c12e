import { approvalProof } from './gitops-pipeline/approval-proof';
import { failedStepsProof } from './gitops-pipeline/failed-steps-proof';
import { lostEventsProof } from './gitops-pipeline/lost-events-proof';
import { smokeTest } from './gitops-pipeline/smoke-test';
import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';

const scenario: Scenario = {
  slug: 'gitops-pipeline',
  smokeTest,
  proofs: [approvalProof, lostEventsProof, failedStepsProof, alarmsProof],
};
export default scenario;
