import { HeartbeatWatch } from '../../../../tools/local/tasks/heartbeat-watch';

it('fails a token once, as long after its last heartbeat as its state says', async () => {
  let now = 0;
  const failed: string[] = [];
  const watch = new HeartbeatWatch(
    (token) => {
      failed.push(token);
      return Promise.resolve();
    },
    () => now,
  );
  const beat = watch.add('one', 10);
  watch.add('without a limit', Infinity);
  now = 9_999;
  await watch.check();
  beat();
  now = 19_998;
  await watch.check();
  expect(failed).toEqual([]);
  now = 19_999;
  await watch.check();
  await watch.check();
  expect(failed).toEqual(['one']);
});
