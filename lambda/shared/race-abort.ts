/**
 * Waits for work until the signal aborts, for work that does not notice the signal itself, such as decoding an image.
 *
 * The work goes on in the background; its result and its error are dropped.
 *
 * @throws the signal's reason; without starting the work if the signal is aborted already
 */
export async function raceAbort<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([start(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
