import { approvalProof, canaryProof } from './order-workflow/approval-proof';
import { crashProof } from './order-workflow/crash-proof';
import { loadProof } from './order-workflow/load-proof';
import { pathsProof } from './order-workflow/paths-proof';
import { tour } from './order-workflow/tour';
import type { Scenario } from './scenario';

const scenario: Scenario = {
  slug: 'order-workflow',
  tour,
  proofs: [pathsProof, approvalProof, crashProof, canaryProof, loadProof],
};
export default scenario;
