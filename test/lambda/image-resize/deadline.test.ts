import { setTimeout as pause } from 'node:timers/promises';
import { Deadline } from '../../../lambda/image-resize/deadline';

test('work is given up 1.5 seconds before the timeout', async () => {
  const deadline = new Deadline(1_550);
  const start = performance.now();
  await expect(deadline.orStop(() => pause(5_000, undefined, { ref: false }))).rejects.toMatchObject({
    name: 'DeadlineNear',
  });
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(deadline.signal.aborted).toBe(true);
  expect(deadline.remainingMilliseconds).toBe(0);
});

test('work that is done in time gives its result', async () => {
  const deadline = new Deadline(60_000);
  await expect(deadline.orStop(async () => 'done')).resolves.toBe('done');
  expect(deadline.remainingMilliseconds).toBeGreaterThan(50_000);
  deadline.clear();
});

test('nothing is begun after the deadline', async () => {
  const deadline = new Deadline(0);
  await pause(5);
  const begin = jest.fn();
  await expect(deadline.orStop(begin)).rejects.toMatchObject({ name: 'DeadlineNear' });
  expect(begin).not.toHaveBeenCalled();
});

test('a deadline that was cleared never comes', async () => {
  const deadline = new Deadline(1_510);
  deadline.clear();
  await pause(30);
  expect(deadline.signal.aborted).toBe(false);
});
