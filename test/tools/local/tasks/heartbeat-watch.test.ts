import { HeartbeatWatch } from '../../../../tools/local/tasks/heartbeat-watch';

/** Watch whose clock goes on by calls, checked every second of it. */
function watchWith() {
  let now = 0;
  const failed: string[] = [];
  const watch = new HeartbeatWatch(
    (token) => {
      failed.push(token);
      return Promise.resolve();
    },
    () => now,
  );
  const pass = async (milliseconds: number): Promise<void> => {
    for (let left = milliseconds; left > 0; left -= 1_000) {
      now += Math.min(left, 1_000);
      await watch.check();
    }
  };
  const standStill = async (milliseconds: number): Promise<void> => {
    now += milliseconds;
    await watch.check();
  };
  return { watch, failed, pass, standStill };
}

it('fails a token once, as long after its last heartbeat as its state says', async () => {
  const { watch, failed, pass } = watchWith();
  const beat = watch.add('one', 10);
  watch.add('without a limit', Infinity);
  await pass(9_999);
  beat();
  await pass(9_999);
  expect(failed).toEqual([]);
  await pass(1);
  await pass(20_000);
  expect(failed).toEqual(['one']);
});

it('fails no token for a minute in which the machine stands still', async () => {
  const { watch, failed, pass, standStill } = watchWith();
  watch.add('one', 10);
  await pass(5_000);
  await standStill(60_000);
  expect(failed).toEqual([]);
  await pass(3_000);
  expect(failed).toEqual(['one']);
});
