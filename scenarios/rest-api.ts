import { authorizationProof } from './rest-api/authorization-proof';
import { browsersProof, corsOrigins } from './rest-api/browsers-proof';
import { callerLimit, callerLimitProof } from './rest-api/caller-limit-proof';
import { documentedAnswersProof } from './rest-api/documented-answers-proof';
import { hostileRequestsProof } from './rest-api/hostile-requests-proof';
import { idempotentCreationProof } from './rest-api/idempotent-creation-proof';
import { lostUpdatesProof } from './rest-api/lost-updates-proof';
import { machineClients, machineClientsProof } from './rest-api/machine-clients-proof';
import { localCacheSeconds, pausedWritesProof } from './rest-api/paused-writes-proof';
import { planLimitsProof } from './rest-api/plan-limits-proof';
import { smokeTest } from './rest-api/smoke-test';
import { unseenUploadsProof } from './rest-api/unseen-uploads-proof';
import { uploadsProof } from './rest-api/uploads-proof';
import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';

/** Above what the proofs send at once. */
const roomy = { requestsPerSecond: 5_000, burst: 5_000, usagePlan: { requestsPerSecond: 4_000, burst: 4_000 } };

const scenario: Scenario = {
  slug: 'rest-api',
  smokeTest,
  settings: { ...roomy, writesCacheSeconds: localCacheSeconds },
  proofs: [
    authorizationProof,
    idempotentCreationProof,
    lostUpdatesProof,
    documentedAnswersProof,
    uploadsProof,
    hostileRequestsProof,
    unseenUploadsProof,
    pausedWritesProof,
    planLimitsProof,
    alarmsProof,
  ],
  variants: [
    {
      name: 'limited',
      settings: { ...roomy, callerLimit, corsOrigins, machineClients },
      proofs: [callerLimitProof, browsersProof, machineClientsProof],
    },
  ],
};
export default scenario;
