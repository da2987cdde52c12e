import { eventually } from '../../../tools/scenario-runner/eventually';

const never = { signal: new AbortController().signal };
const quickly = { withinSeconds: 0.03, everyMilliseconds: 5 };

test('the first value of the probe ends the wait', async () => {
  let looks = 0;
  const value = await eventually('a third look', async () => (++looks === 3 ? 'seen' : undefined), never, {
    everyMilliseconds: 1,
  });
  expect([value, looks]).toEqual(['seen', 3]);
});

test('false and zero are values', async () => {
  expect(await eventually('a verdict', async () => false, never)).toBe(false);
  expect(await eventually('a count', async () => 0, never)).toBe(0);
});

test('a timeout names the awaited condition and the time', async () => {
  await expect(eventually('the manifest', async () => undefined, never, quickly)).rejects.toThrow(
    /^timed out after 0 s waiting for the manifest \(last check: not found\)/,
  );
});

test('an error of the probe counts as not yet, and a timeout names the last one', async () => {
  let looks = 0;
  const failing = (): Promise<undefined> => Promise.reject(new TypeError(`look ${++looks}`));
  const error = await eventually('the queue', failing, never, quickly).catch((thrown: unknown) => thrown as Error);
  expect(error).toHaveProperty('message', expect.stringContaining(`(last check: TypeError: look ${looks})`));
  expect(looks).toBeGreaterThan(1);
});

test('an abort ends the wait at once with its reason', async () => {
  const stop = new AbortController();
  const wait = eventually(
    'what never comes',
    async () => undefined,
    { signal: stop.signal },
    { everyMilliseconds: 60_000 },
  );
  setTimeout(() => stop.abort(new Error('stopped by SIGINT')), 5);
  await expect(wait).rejects.toThrow('stopped by SIGINT');
});

test('a hopeless wait ends at once with the reason', async () => {
  const hopeless = () => new Error('Resize failed (attempt 3 of 3): TypeError: x');
  await expect(eventually('the manifest', async () => undefined, { ...never, hopeless })).rejects.toThrow(
    'stopped waiting for the manifest: Resize failed (attempt 3 of 3): TypeError: x',
  );
  expect(await eventually('the manifest', async () => 'there', { ...never, hopeless })).toBe('there');
});
