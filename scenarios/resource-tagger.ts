import { commandsProof } from './resource-tagger/commands-proof';
import { launchesProof } from './resource-tagger/launches-proof';
import { redriveProof } from './resource-tagger/redrive-proof';
import { smokeTest } from './resource-tagger/smoke-test';
import { webhookSettings, webhooksProof } from './resource-tagger/webhooks-proof';
import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';

/** Short waits: a batch of a killed worker is hidden for six timeouts. A queue that a proof creates late still counts as new. */
const settings = {
  ...{ timeoutSeconds: 5, retryBaseSeconds: 1, consistencySeconds: 600, lookAgainSeconds: 2 },
  ...webhookSettings,
};

const scenario: Scenario = {
  slug: 'resource-tagger',
  smokeTest,
  // The notices of the others wait for a secret that is gone: the receivers of the first count digests.
  proofs: [webhooksProof, launchesProof, redriveProof, commandsProof, alarmsProof],
  settings,
};
export default scenario;
