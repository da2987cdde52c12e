import { tour } from './database-access/tour';
import type { Scenario } from './scenario';

const scenario: Scenario = { slug: 'database-access', tour, proofs: [] };
export default scenario;
