import { repeatRead } from '../../../lambda/shared/repeat-read';

const busy = Object.assign(new Error('slow down'), { name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
const brokenOff = Object.assign(new Error('Premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
const never = new AbortController().signal;

/** Read that fails with each error in turn, then succeeds. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  return jest.fn(() => {
    const error = left.shift();
    return error === undefined ? Promise.resolve('text') : Promise.reject(error);
  });
}

it('a read that is throttled or breaks off is repeated', async () => {
  const read = failing(busy, brokenOff);
  expect(await repeatRead(read, never)).toBe('text');
  expect(read).toHaveBeenCalledTimes(3);
});

it('a read that stays busy ends with the last error', async () => {
  const read = failing(...Array.from({ length: 9 }, () => busy));
  await expect(repeatRead(read, never)).rejects.toBe(busy);
  expect(read).toHaveBeenCalledTimes(5);
});

it('any other error is thrown at once', async () => {
  const read = failing(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  await expect(repeatRead(read, never)).rejects.toThrow('no');
  expect(read).toHaveBeenCalledTimes(1);
});

it('nothing is repeated after the signal has aborted', async () => {
  const read = failing(busy, busy);
  await expect(repeatRead(read, AbortSignal.abort())).rejects.toBe(busy);
  expect(read).toHaveBeenCalledTimes(1);
});
