import { alarmsProof } from './shared/alarms-proof';
import { approvalProof } from './order-workflow/approval-proof';
import { attentionProof } from './order-workflow/attention-proof';
import { canaryProof } from './order-workflow/canary-proof';
import { crashProof } from './order-workflow/crash-proof';
import { directProof } from './order-workflow/direct-proof';
import { disturbedCallsProof } from './order-workflow/disturbed-calls-proof';
import { emailProof, senderEmail } from './order-workflow/email-proof';
import { loadProof } from './order-workflow/load-proof';
import { notificationProof } from './order-workflow/notification-proof';
import { outageProof } from './order-workflow/outage-proof';
import { pathsProof } from './order-workflow/paths-proof';
import { soak } from './order-workflow/soak';
import { redriveProof } from './order-workflow/redrive-proof';
import { repairsProof } from './order-workflow/repairs-proof';
import { smokeTest } from './order-workflow/smoke-test';
import type { Scenario } from './shared/scenario';

const scenario: Scenario = {
  slug: 'order-workflow',
  smokeTest,
  soak,
  proofs: [
    pathsProof,
    directProof,
    approvalProof,
    crashProof,
    disturbedCallsProof,
    canaryProof,
    attentionProof,
    outageProof,
    notificationProof,
    repairsProof,
    redriveProof,
    loadProof,
    alarmsProof,
  ],
  variants: [{ name: 'email', settings: { senderEmail }, proofs: [emailProof] }],
};
export default scenario;
