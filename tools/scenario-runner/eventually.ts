import { setTimeout as sleep } from 'node:timers/promises';
import type { EventuallyOptions } from '../../scenarios/shared/scenario';

/**
 * Polls the probe until it returns a value.
 *
 * @param what completes the sentence "timed out waiting for …"
 * @param stops signal that ends the wait with its reason, and function that returns an error where waiting is pointless
 * @throws Error after `withinSeconds`, with the last error of the probe
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { signal, hopeless }: { readonly signal: AbortSignal; readonly hopeless?: (() => Error | undefined) | undefined },
  { withinSeconds = 300, everyMilliseconds = 500 }: EventuallyOptions = {},
): Promise<T> {
  const started = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const { value, error } = await attempt(probe);
    if (value !== undefined) return value;
    const reason = hopeless?.();
    if (reason !== undefined) throw new Error(`stopped waiting for ${what}: ${reason.message}`, { cause: reason });
    const waited = (performance.now() - started) / 1000;
    if (waited >= withinSeconds) {
      throw new Error(
        `timed out after ${Math.round(waited)} s waiting for ${what} (last check: ${error ?? 'not found'})`,
      );
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
