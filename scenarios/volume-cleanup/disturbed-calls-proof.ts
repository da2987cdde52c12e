import { faultsOf, type DisturbedCalls } from '../shared/faults/fault-injector';
import type { Check } from '../shared/scenario';
import { cleanUpUntilEnded, createVolume, exists, readDeployment, snapshotsOf, writeAged } from './deployment';

const volumes = 8;

export const disturbedCallsProof: Check = {
  name: 'disturbed-calls',
  title: 'throttled, broken and unanswered calls to EC2 delete no volume without a snapshot',
  needs: 'faults',
  expectedErrors: 'all',
  async run(run) {
    const deployment = readDeployment(run);
    const faults = faultsOf(run);
    const ids = await Promise.all(Array.from({ length: volumes }, () => createVolume(run, deployment)));
    for (const id of ids) await writeAged(deployment, id);
    const disturbance = { throttled: 0.1, dropped: 0.05, unanswered: 0.05 };
    const end = await faults.disturb(deployment.functionName, 'ec2', disturbance, Math.floor(run.random() * 1e9));
    let counted: DisturbedCalls;
    try {
      await run.step('run the cleanup while calls are disturbed', () => cleanUpUntilEnded(run, deployment, ids));
    } finally {
      counted = await end();
    }
    const { throttled, dropped, unanswered } = counted;
    run.metric('disturbed calls', throttled + dropped + unanswered);
    for (const id of ids) {
      run.assert(!(await exists(deployment, id)), `${id} is deleted`);
      run.assert((await snapshotsOf(deployment, id)).length > 0, `${id} has a snapshot`);
    }
  },
};
