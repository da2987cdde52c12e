import { setTimeout as sleep } from 'node:timers/promises';
import { inLanes } from '../../../scenarios/shared/in-lanes';

test('results keep the order of the items, however long each takes', async () => {
  const results = await inLanes([30, 1, 10, 2], 3, async (milliseconds) => {
    await sleep(milliseconds);
    return milliseconds * 2;
  });
  expect(results).toEqual([60, 2, 20, 4]);
});

test('no more items are in hand than there are lanes', async () => {
  let going = 0;
  let most = 0;
  await inLanes(Array.from({ length: 20 }), 4, async () => {
    most = Math.max(most, ++going);
    await sleep(1);
    going -= 1;
  });
  expect(most).toBe(4);
});

test('an error goes on to the caller', async () => {
  await expect(inLanes([1, 2], 1, (item) => Promise.reject(new Error(`item ${item}`)))).rejects.toThrow('item 1');
});
