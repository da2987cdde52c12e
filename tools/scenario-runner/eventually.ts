import { setTimeout as sleep } from 'node:timers/promises';
import type { EventuallyOptions } from '../../scenarios/shared/scenario';

/**
 * Polls the probe until it gives a value.
 *
 * @param what completes the sentence "waited for …"
 * @param signal ends the wait; its reason is thrown
 * @throws Error after `withinSeconds`, with what the probe threw last
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  signal: AbortSignal,
  { withinSeconds = 120, everyMilliseconds = 500 }: EventuallyOptions = {},
): Promise<T> {
  const started = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const { value, error } = await attempt(probe);
    if (value !== undefined) return value;
    const waited = (performance.now() - started) / 1000;
    if (waited >= withinSeconds) {
      const last = error === undefined ? 'it was not there yet at the last look' : `the last look failed: ${error}`;
      throw new Error(`waited ${waited.toFixed(1)} s for ${what}: ${last}`);
    }
    await sleep(everyMilliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function attempt<T>(probe: () => Promise<T | undefined>): Promise<{ value?: T | undefined; error?: string }> {
  try {
    return { value: await probe() };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
