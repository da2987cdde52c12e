import { setTimeout as sleep } from 'node:timers/promises';
import { fail, isAwaited, succeed, type TokenClient } from './adapters/task-token';
import { RenderBusyError, RenderRefusedError, RenderTimeoutError } from './render-errors';
import type { Deadline } from '../shared/deadline';
import { errorFields, logger } from '../shared/observability';

/** The task was asked to stop: by an operator, or two minutes before Spot takes its machine away. */
export class TaskInterruptedError extends Error {
  override readonly name = 'TaskInterruptedError';
}

export interface TaskReports {
  readonly client: TokenClient;
  readonly token: string;
  readonly heartbeatMilliseconds: number;
  /** Ends the process: a browser, or an open connection, would keep it. */
  readonly exit: () => void;
}

/**
 * Does the work of a task and reports its outcome by the token.
 *
 * Each heartbeat says whether the state machine still waits for it. If not, another task may be at work, and this one ends at
 * once, its work unfinished.
 */
export async function reportWork(reports: TaskReports, work: () => Promise<string>): Promise<void> {
  const { client, token, heartbeatMilliseconds, exit } = reports;
  const isInVain = async (): Promise<boolean> => {
    if (await isAwaited(client, token)) return false;
    logger.warn('nobody waits for this task any more');
    exit();
    return true;
  };
  if (await isInVain()) return;
  const heartbeats = setInterval(() => {
    isInVain().catch((error: unknown) => logger.warn('the heartbeat was not sent', errorFields(error)));
  }, heartbeatMilliseconds);
  try {
    const outcome = await work();
    logger.info('document rendered', { outcome });
    await succeed(client, token, { outcome });
  } catch (error) {
    const { errorName, errorMessage } = errorFields(error);
    logger.warn('document not rendered', { errorName, errorMessage });
    await fail(client, token, errorName, errorMessage);
  } finally {
    clearInterval(heartbeats);
  }
  exit();
}

/** Longest time between two looks at a document that another attempt renders (milliseconds). */
const longestWait = 15_000;

/**
 * Renders a document, and waits for one that another attempt renders at the moment.
 *
 * @throws TaskInterruptedError as the reason of `interrupted`, RenderRefusedError, and errors that another task may clear
 */
export async function renderWhenFree(
  render: () => Promise<string>,
  deadline: Pick<Deadline, 'hasTimeLeft'>,
  interrupted: AbortSignal,
): Promise<string> {
  for (;;) {
    try {
      interrupted.throwIfAborted();
      return await render();
    } catch (error) {
      if (interrupted.aborted) throw interrupted.reason;
      // The function had less time: no other task has more.
      if (error instanceof RenderTimeoutError) throw new RenderRefusedError('out-of-time', error.message);
      if (!(error instanceof RenderBusyError) || !deadline.hasTimeLeft(longestWait)) throw error;
      // An abort meanwhile is seen above.
      const wait = Math.min(error.retrySeconds * 1_000, longestWait);
      await sleep(wait, undefined, { signal: interrupted }).catch(() => undefined);
    }
  }
}
