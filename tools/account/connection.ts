import { setTimeout as sleep } from 'node:timers/promises';

/** Names of errors in Node, the SDK and the CDK CLI that say that there is no connection. */
const noConnection =
  /ENOTFOUND|EAI_AGAIN|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|ENETUNREACH|ENETDOWN|EHOSTUNREACH|socket hang up|TimeoutError|NetworkingError/;

export function isConnectionError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? `${error.name} ${code} ${error.message}` : String(error);
  return noConnection.test(text);
}

/** Limits of waiting for a connection. */
export interface ConnectionWait {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** @default 10,000 */
  readonly everyMilliseconds?: number;
  /** @default 1,800 */
  readonly withinSeconds?: number;
}

/** Repeats a step that may be repeated until there is a connection; any other error ends it. */
export async function withConnection<T>(
  act: () => Promise<T>,
  { signal, say, everyMilliseconds = 10_000, withinSeconds = 1_800 }: ConnectionWait,
): Promise<T> {
  const end = Date.now() + withinSeconds * 1_000;
  for (let lost = false; ; lost = true) {
    signal.throwIfAborted();
    try {
      const result = await act();
      if (lost) say('connected again');
      return result;
    } catch (error) {
      if (!isConnectionError(error) || Date.now() >= end) throw error;
      if (!lost) say('no connection: waiting; AWS goes on with what was started');
    }
    await sleep(everyMilliseconds, undefined, { signal }).catch(() => undefined);
  }
}
