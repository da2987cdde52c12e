import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check } from '../shared/scenario';
import { machinesOf, openDeployment, submit, waitForStatus } from './deployment';

const count = 6;
const zone = 'us-east-1a';

export const launchesProof: Check = {
  name: 'launches',
  title: `${count} machines for ${count} requests while LaunchMachine is killed and EC2 throttles, drops and loses answers`,
  needs: 'faults',
  async run(run) {
    const faults = faultsOf(run);
    const deployment = await openDeployment(run, { autoApproveDollars: 100, secondApproverDollars: 200 });
    const launchMachine = run.output('LaunchMachineFunctionName');
    const seed = Math.floor(run.random() * 1e6);
    const disturbance = { throttled: 0.1, dropped: 0.1, unanswered: 0.3 };
    const restore = await faults.disturb(launchMachine, 'ec2', disturbance, seed);
    run.cleanUp('the disturbance', async () => {
      await restore();
    });
    let kills = 0;
    const ids = await run.step('submit', () =>
      pMap(Array.from({ length: count }), (_, index) => submit(deployment, `launch-${index}`)),
    );
    await run.step('launch and kill', async () => {
      const ended = pMap(ids, (id) => waitForStatus(deployment, id, ['running', 'failed'], 180));
      let isOver = false as boolean;
      void ended.finally(() => (isOver = true)).catch(() => undefined);
      for (let round = 0; round < 12 && !isOver; round++) {
        await sleep(700);
        kills += await faults.kill(launchMachine);
      }
      await ended;
    });
    const calls = await restore();
    run.metric('kills', kills);
    run.metric('calls of EC2 that took effect and were not answered', calls.unanswered);
    for (const id of ids) {
      const machines = await machinesOf(deployment.ec2, id);
      run.assertEqual(machines.length, 1, `machines that ${id} has ever had`);
    }
    run.assert(kills + calls.unanswered + calls.dropped > 0, 'launches were disturbed', JSON.stringify(calls));
  },
};

export const capacityProof: Check = {
  name: 'capacity',
  title:
    'a machine goes to the next subnet where the first has no capacity; without any, the request fails and keeps nothing',
  needs: 'faults',
  async run(run) {
    const faults = faultsOf(run);
    const deployment = await openDeployment(run, { autoApproveDollars: 100, secondApproverDollars: 200 });
    run.cleanUp('the capacity', () => faults.setEc2Conditions({ noCapacity: [] }));
    await faults.setEc2Conditions({ noCapacity: [zone] });
    const moved = await submit(deployment, 'moved');
    const record = await waitForStatus(deployment, moved, ['running', 'failed']);
    run.assertEqual(record.status, 'running', 'status with capacity in one zone');
    run.assertEqual((await machinesOf(deployment.ec2, moved)).length, 1, 'machines');
    run.log(`subnet ${record.attempt}`);
    await faults.setEc2Conditions({ noCapacity: ['t3.small'] });
    const failed = await submit(deployment, 'failed');
    const over = await waitForStatus(deployment, failed, ['running', 'failed']);
    run.assertEqual(`${over.status} ${over.reason}`, 'failed no-capacity', 'status without capacity');
    run.assertEqual(over.reserved, false, 'counted in its limits');
    run.assertEqual((await machinesOf(deployment.ec2, failed)).length, 0, 'machines without capacity');
  },
};
