import { crashProof } from './database-access/crash-proof';
import { injectionProof } from './database-access/injection-proof';
import { manyEnvironmentsProof } from './database-access/many-environments-proof';
import { migrationsProof } from './database-access/migrations-proof';
import { refusalProofs } from './database-access/refusal-proofs';
import { totalsProof } from './database-access/totals-proof';
import { tour } from './database-access/tour';
import type { Scenario } from './scenario';

/** Ten connections for fifty environments: a proxy with as many as they would prove nothing. */
const settings = { maxConnections: 50, proxyConnectionsPercent: 20 };

const scenario: Scenario = {
  slug: 'database-access',
  tour,
  proofs: [manyEnvironmentsProof, crashProof, ...refusalProofs, injectionProof, totalsProof, migrationsProof],
  settings,
};
export default scenario;
