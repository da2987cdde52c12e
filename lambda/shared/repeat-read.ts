import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './service-busy';

/** Attempts at a read, and the pause after the first one in milliseconds, which doubles. */
const attempts = 5;
const firstPause = 100;

/**
 * Repeats a read that is throttled, or whose answer breaks off, a few times.
 *
 * The SDK repeats requests itself, but no body that breaks off, and nothing once its retry tokens are used up: of a thousand reads
 * some are disturbed, and one of them must not make all the others begin anew.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export async function repeatRead<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (attempt === attempts || signal.aborted || !(isBusy(error) || isBrokenOff(error))) throw error;
      // Aborted, the next attempt ends with the signal's error.
      await sleep(firstPause * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
    }
  }
}

function isBrokenOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '' } = error as NodeJS.ErrnoException;
  return error.message === 'aborted' || ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code);
}
