import { setTimeout as sleep } from 'node:timers/promises';
import { inLanes } from '../../../lambda/scheduled-backup/lanes';

it('results come in the order of items, with so many at once and no more', async () => {
  let now = 0;
  let most = 0;
  const results = await inLanes([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, ++now);
    await sleep(item);
    now -= 1;
    return item * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

it('after an error nothing more is begun', async () => {
  const begun: number[] = [];
  const failing = inLanes([1, 2, 3, 4, 5, 6], 2, async (item) => {
    begun.push(item);
    await sleep(1);
    if (item === 1) throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await sleep(20);
  expect(begun.length).toBeLessThan(5);
});
