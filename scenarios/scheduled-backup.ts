import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';
import { changesProof } from './scheduled-backup/changes-proof';
import { damageProof } from './scheduled-backup/damage-proof';
import { disturbedCallsProof } from './scheduled-backup/disturbed-calls-proof';
import { emptyProof } from './scheduled-backup/empty-proof';
import { failedObjectProof } from './scheduled-backup/failed-object-proof';
import { gapsProof } from './scheduled-backup/gaps-proof';
import { interruptionProof } from './scheduled-backup/interruption-proof';
import { manyObjectsProof } from './scheduled-backup/many-objects-proof';
import { restoreProof } from './scheduled-backup/restore-proof';
import { retentionProof } from './scheduled-backup/retention-proof';
import { runbookProof } from './scheduled-backup/runbook-proof';
import { scheduleProof } from './scheduled-backup/schedule-proof';
import { soak } from './scheduled-backup/soak';
import { smokeTest } from './scheduled-backup/smoke-test';
import { twiceProof } from './scheduled-backup/twice-proof';

const scenario: Scenario = {
  slug: 'scheduled-backup',
  smokeTest,
  soak,
  settings: { maximumConcurrency: 6 },
  proofs: [
    emptyProof,
    twiceProof,
    damageProof,
    restoreProof,
    gapsProof,
    runbookProof,
    failedObjectProof,
    changesProof,
    interruptionProof,
    disturbedCallsProof,
    retentionProof,
    scheduleProof,
    manyObjectsProof,
    alarmsProof,
  ],
};
export default scenario;
