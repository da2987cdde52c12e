import { approvalProof, canaryProof } from './order-workflow/approval-proof';
import { attentionProof } from './order-workflow/attention-proof';
import { crashProof } from './order-workflow/crash-proof';
import { directProof } from './order-workflow/direct-proof';
import { loadProof } from './order-workflow/load-proof';
import { pathsProof } from './order-workflow/paths-proof';
import { tour } from './order-workflow/tour';
import type { Scenario } from './scenario';

const scenario: Scenario = {
  slug: 'order-workflow',
  tour,
  proofs: [pathsProof, directProof, approvalProof, crashProof, canaryProof, attentionProof, loadProof],
};
export default scenario;
