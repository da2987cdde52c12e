import { tour } from './queue-processor/tour';
import type { Scenario } from './scenario';

const scenario: Scenario = { slug: 'queue-processor', tour, proofs: [] };
export default scenario;
