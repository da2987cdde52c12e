import type { Scenario } from './scenario';
import { tour } from './scheduled-backup/tour';

const scenario: Scenario = { slug: 'scheduled-backup', tour, proofs: [] };
export default scenario;
