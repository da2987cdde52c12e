import { alarmsProof } from './shared/alarms-proof';
import type { Scenario } from './shared/scenario';
import { expiredSnapshotsProof } from './volume-cleanup/expired-snapshots-proof';
import { keptVolumesProof } from './volume-cleanup/kept-volumes-proof';
import { killsProof } from './volume-cleanup/kills-proof';
import { otherKindsProof } from './volume-cleanup/other-kinds-proof';
import { pagesProof } from './volume-cleanup/pages-proof';
import { restoreProof } from './volume-cleanup/restore-proof';
import { smokeTest } from './volume-cleanup/smoke-test';
import { snapshotsProof } from './volume-cleanup/snapshots-proof';
import { disturbedCallsProof } from './volume-cleanup/disturbed-calls-proof';

const scenario: Scenario = {
  slug: 'volume-cleanup',
  smokeTest,
  // Proofs of one day share the budget of the day.
  settings: {
    dryRun: false,
    regions: ['us-east-1', 'eu-west-1'],
    releaseAddresses: true,
    maximumVolumes: 1_000,
    maximumGibibytes: 100_000,
  },
  proofs: [
    restoreProof,
    keptVolumesProof,
    otherKindsProof,
    snapshotsProof,
    expiredSnapshotsProof,
    pagesProof,
    killsProof,
    disturbedCallsProof,
    alarmsProof,
  ],
};
export default scenario;
