import { decisionsProof, twoApproversProof } from './approval-workflow/decisions-proof';
import { emailProof, emailSettings } from './approval-workflow/email-proof';
import { endsProof } from './approval-workflow/ends-proof';
import { expiryProof } from './approval-workflow/expiry-proof';
import { hostileInputProof } from './approval-workflow/hostile-input-proof';
import { capacityProof, launchesProof } from './approval-workflow/launches-proof';
import { limitsProof } from './approval-workflow/limits-proof';
import { pageProof } from './approval-workflow/page-proof';
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
    pageProof,
    alarmsProof,
  ],
  variants: [{ name: 'email', settings: emailSettings, proofs: [emailProof, expiryProof] }],
};
export default scenario;
