import * as z from 'zod/mini';
import { readText } from './adapters/s3-documents';
import { renderWhenFree, reportWork, TaskInterruptedError } from './large-task';
import { renderDocument } from './render';
import { renderDependencies, renderSettings, s3 } from './render-dependencies';
import { parseRequest } from './request';
import { Deadline } from '../shared/deadline';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { createStatesClient } from '../shared/states-client';

const taskSchema = z.object({
  TASK_TOKEN: z.string(),
  REQUEST_KEY: z.string(),
  EXECUTION_NAME: z.string(),
  HEARTBEAT_SECONDS: wholeNumber,
});

/** Time for reading, storing and the event, beside that for rendering (milliseconds). */
const storeMilliseconds = 60_000;

/**
 * Renders the document of one request as the task of a state machine, and ends the process.
 *
 * SIGTERM is reported, so that the next attempt need not wait for heartbeats that stay away.
 */
export async function renderLarge(): Promise<void> {
  const interruption = new AbortController();
  process.on('SIGTERM', () => interruption.abort(new TaskInterruptedError('the task was asked to stop')));
  const task = readEnvironment(taskSchema, process.env);
  const { TASK_TOKEN: token, EXECUTION_NAME: execution } = task;
  logger.appendKeys({ execution });
  const reports = {
    client: createStatesClient(),
    token,
    heartbeatMilliseconds: task.HEARTBEAT_SECONDS * 1_000,
    exit: () => process.exit(0),
  };
  const end = Date.now() + renderSettings.RENDER_SECONDS * 1_000 + storeMilliseconds;
  const deadline = new Deadline(() => end - Date.now());
  await reportWork(reports, async () => {
    const request = parseRequest(await readText(s3, renderSettings.INPUT_BUCKET_NAME, task.REQUEST_KEY));
    const { signal } = interruption;
    const render = () => renderDocument(request, renderDependencies(deadline, execution, signal));
    return renderWhenFree(render, deadline, signal);
  });
}
