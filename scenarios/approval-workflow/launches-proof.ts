import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check } from '../shared/scenario';
import { openDeployment } from './deployment';
import { captureEvents } from './event-capture';
import { machinesOf } from './machines';
import { readEntries, submit, waitForStatus } from './requests';

const count = 6;
const zone = 'us-east-1a';

export const launchesProof: Check = {
  name: 'launches',
  title: `${count} machines, each change with its event, while functions are killed and EC2 throttles and loses answers`,
  needs: 'faults',
  async run(run) {
    const faults = faultsOf(run);
    const deployment = await openDeployment(run, { autoApproveDollars: 100, secondApproverDollars: 200 });
    const launchMachine = run.output('LaunchMachineFunctionName');
    const receive = await captureEvents(run, deployment.team);
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
      const ended = pMap(ids, (id) => waitForStatus(deployment, id, ['running', 'failed']));
      let isOver = false as boolean;
      void ended.finally(() => (isOver = true)).catch(() => undefined);
      for (let round = 0; round < 12 && !isOver; round++) {
        await sleep(700);
        kills += await faults.kill(launchMachine);
        kills += await faults.kill(run.output('PublishEntriesFunctionName'));
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
    await run.step('wait for the events', async () => {
      const changes = await Promise.all(
        ids.map(async (id) => (await readEntries(deployment, id)).map((_, index) => `${id} ${index + 1}`)),
      );
      await run.eventually('an event of each entry of the audit table', async () => {
        const received = await receive();
        const missing = changes.flat().filter((change) => !received.has(change));
        if (missing.length > 0) throw new Error(`${missing.length} of ${changes.flat().length} are missing`);
        return true;
      });
      run.metric('events', changes.flat().length);
    });
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
