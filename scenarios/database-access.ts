import { alarmsProof } from './shared/alarms-proof';
import { crashProof } from './database-access/crash-proof';
import { fullBatchesProof } from './database-access/full-batches-proof';
import { injectionProof } from './database-access/injection-proof';
import { killedWorkersProof } from './database-access/killed-workers-proof';
import { lockedRowsProof } from './database-access/locked-rows-proof';
import { manyEnvironmentsProof } from './database-access/many-environments-proof';
import { migrationsProof } from './database-access/migrations-proof';
import { refusalProofs } from './database-access/refusal-proofs';
import { totalsProof } from './database-access/totals-proof';
import { soak } from './database-access/soak';
import { smokeTest } from './database-access/smoke-test';
import type { Check, Scenario } from './shared/scenario';

/** Ten connections for dozens of environments: with one connection each, sharing would not be tested. */
const settings = { maxConnections: 50, proxyConnectionsPercent: 20 };

const proofs = (invocations: number, batches: number): Check[] => [
  manyEnvironmentsProof(invocations),
  fullBatchesProof(batches),
  crashProof,
  killedWorkersProof,
  lockedRowsProof,
  ...refusalProofs,
  injectionProof,
  totalsProof,
  migrationsProof,
];

/** All proofs again on MySQL; names are unique within a scenario. */
const onMysql = [smokeTest, ...proofs(500, 60)].map((check) => ({ ...check, name: `mysql-${check.name}` }));

const scenario: Scenario = {
  slug: 'database-access',
  smokeTest,
  soak,
  // The same on either engine.
  proofs: [...proofs(2_000, 120), alarmsProof],
  settings,
  variants: [{ name: 'mysql', settings: { engine: 'mysql' }, proofs: onMysql, needsProgram: 'mariadbd' }],
};
export default scenario;
