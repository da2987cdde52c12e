import { tour } from './order-workflow/tour';
import type { Scenario } from './scenario';

const scenario: Scenario = { slug: 'order-workflow', tour, proofs: [] };
export default scenario;
