import { startFaultControl, type FaultControl } from '../../../local/faults/fault-control';
import type { FaultInjector } from '../../../scenarios/faults';
import { remoteFaults } from '../../../scenarios/runner/remote-faults';

const told: string[] = [];
const faults: FaultInjector = {
  kill(functionName) {
    told.push(`kill ${functionName}`);
    return Promise.resolve(3);
  },
  throttle(functionName, service, share) {
    told.push(`throttle ${functionName} ${service} ${share}`);
    return Promise.resolve(() => {
      told.push(`stop ${functionName}`);
      return Promise.resolve({ calls: 10, throttled: 3 });
    });
  },
  crashDatabase() {
    told.push('crash');
    return Promise.resolve({ returnedAt: 5 });
  },
  watchDatabase() {
    told.push('watch');
    return Promise.resolve(() => Promise.resolve({ most: 7, limit: 8, clients: 50, looks: 9 }));
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
  expect(await stop()).toEqual({ most: 7, limit: 8, clients: 50, looks: 9 });
  expect(told).toEqual(['crash', 'watch']);
});

test('another process injects faults by the URL', async () => {
  const remote = remoteFaults(control.url);
  expect(await remote.kill('f')).toBe(3);
  const [stopOne, stopOther] = [await remote.throttle('f', 'dynamodb', 0.3), await remote.throttle('g', 'dynamodb', 1)];
  expect(await stopOther()).toEqual({ calls: 10, throttled: 3 });
  await stopOne();
  expect(told).toEqual(['kill f', 'throttle f dynamodb 0.3', 'throttle g dynamodb 1', 'stop g', 'stop f']);
});

test('nobody without the secret of the URL does', async () => {
  const guess = control.url.replace(/[^/]+$/, 'guess');
  await expect(remoteFaults(guess).kill('f')).rejects.toThrow("the local run refused the fault 'kill'");
  expect(told).toEqual([]);
});

test('a share beyond 1 is refused', async () => {
  await expect(remoteFaults(control.url).throttle('f', 'dynamodb', 30)).rejects.toThrow('share');
  expect(told).toEqual([]);
});
