import { faultsOf } from '../shared/faults/fault-injector';
import type { Check } from '../shared/scenario';
import { agedVolumes, assertDeleted, readDeployment } from './deployment';

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'throttled, broken and unanswered calls to EC2 delete no volume without a snapshot',
  needs: 'faults',
  expectedErrors: 'all',
  async run(run) {
    const deployment = readDeployment(run);
    const ids = await agedVolumes(run, deployment, 8);
    const disturbance = { throttled: 0.1, dropped: 0.05, unanswered: 0.05 };
    const seed = Math.floor(run.random() * 1e9);
    const end = await faultsOf(run).disturb(deployment.functionName, 'ec2', disturbance, seed);
    try {
      await assertDeleted(run, deployment, ids);
    } finally {
      const { throttled, dropped, unanswered } = await end();
      run.metric('disturbed calls', throttled + dropped + unanswered);
    }
  },
};
