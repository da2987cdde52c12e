import { startFaultControl, type FaultControl } from '../../../../tools/local/faults/fault-control';
import type { FaultInjector } from '../../../../scenarios/shared/faults/fault-injector';
import { remoteFaults } from '../../../../tools/scenario-runner/remote-faults';

const told: string[] = [];
const counts = { calls: 10, throttled: 3, dropped: 2, unanswered: 1, slow: 0 };
const faults: FaultInjector = {
  kill(functionName) {
    told.push(`kill ${functionName}`);
    return Promise.resolve(3);
  },
  disturb(functionName, service, disturbance, seed) {
    told.push(`disturb ${functionName} ${service} ${disturbance.throttled} ${seed}`);
    return Promise.resolve(() => {
      told.push(`stop ${functionName}`);
      return Promise.resolve(counts);
    });
  },
  crashDatabase() {
    told.push('crash');
    return Promise.resolve({ returnedAt: 5 });
  },
  watchDatabase() {
    told.push('watch');
    return Promise.resolve(() => Promise.resolve({ most: 7, limit: 8, clients: 50, pinned: 0, samples: 9 }));
  },
};
let control: FaultControl;

beforeEach(async () => {
  told.length = 0;
  control = await startFaultControl(faults);
});
afterEach(() => control.stop());

test('the database is killed and watched by the URL', async () => {
  const remote = remoteFaults(control.url);
  expect(await remote.crashDatabase()).toEqual({ returnedAt: 5 });
  const stop = await remote.watchDatabase();
  expect(await stop()).toEqual({ most: 7, limit: 8, clients: 50, pinned: 0, samples: 9 });
  expect(told).toEqual(['crash', 'watch']);
});

test('another process injects faults by the URL', async () => {
  const remote = remoteFaults(control.url);
  expect(await remote.kill('f')).toBe(3);
  const stopOne = await remote.disturb('f', 'dynamodb', { throttled: 0.3 }, 7);
  const stopOther = await remote.disturb('g', 's3', { throttled: 1 }, 8);
  expect(await stopOther()).toEqual(counts);
  await stopOne();
  expect(told).toEqual(['kill f', 'disturb f dynamodb 0.3 7', 'disturb g s3 1 8', 'stop g', 'stop f']);
});

test('nobody without the secret of the URL does', async () => {
  const guess = control.url.replace(/[^/]+$/, 'guess');
  await expect(remoteFaults(guess).kill('f')).rejects.toThrow("the local run refused the fault 'kill'");
  expect(told).toEqual([]);
});

test('a share beyond 1 is refused', async () => {
  await expect(remoteFaults(control.url).disturb('f', 'dynamodb', { dropped: 30 }, 1)).rejects.toThrow('dropped');
  expect(told).toEqual([]);
});
