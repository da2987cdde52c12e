import { commandsProof } from './resource-tagger/commands-proof';
import { launchesProof } from './resource-tagger/launches-proof';
import { redriveProof } from './resource-tagger/redrive-proof';
import { smokeTest } from './resource-tagger/smoke-test';
import { webhookSettings, webhooksProof } from './resource-tagger/webhooks-proof';
import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';

/** Short waits: a batch of a killed worker is hidden for six timeouts. */
const settings = { timeoutSeconds: 5, retryBaseSeconds: 1, consistencySeconds: 60, lookAgainSeconds: 2 };

const scenario: Scenario = {
  slug: 'resource-tagger',
  smokeTest,
  proofs: [launchesProof, redriveProof, commandsProof, alarmsProof],
  settings,
  variants: [{ name: 'webhooks', settings: webhookSettings, proofs: [webhooksProof] }],
};
export default scenario;
