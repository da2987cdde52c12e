import * as z from 'zod/mini';
import { createECSClient, stopTasksOf } from './adapters/ecs-tasks';
import { readText } from './adapters/s3-documents';
import { setAside } from './adapters/sqs-requests';
import { attemptSchema, decide, type Decision } from './large-render';
import { readEnvironment } from '../shared/environment';
import { countMetric, flushMetrics, logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';
import { translateBusyErrors } from '../shared/service-busy';
import { createSQSClient } from '../shared/sqs-client';

const settings = readEnvironment(
  z.object({
    CLUSTER_ARN: z.string(),
    INPUT_BUCKET_NAME: z.string(),
    FAILURES_QUEUE_URL: z.string(),
  }),
  process.env,
);
const ecs = createECSClient();
const s3 = createS3Client({ requestTimeout: 5_000 });
const queues = { client: createSQSClient(), failuresQueueUrl: settings.FAILURES_QUEUE_URL };

/**
 * Stops the task of an attempt, however the attempt ended, and decides what follows. A request that is given up goes to the
 * failures queue with its reason.
 */
export const handler = translateBusyErrors(async (event, context): Promise<Omit<Decision, 'refused'>> => {
  logger.addContext(context);
  const attempt = attemptSchema.parse(event);
  const stopped = await stopTasksOf(ecs, settings.CLUSTER_ARN, attempt.execution);
  const { refused, ...decision } = decide(attempt);
  if (refused !== undefined) {
    const body = await readText(s3, settings.INPUT_BUCKET_NAME, attempt.requestKey);
    await setAside(queues, body, refused);
    countMetric('Refused');
  } else if (decision.next === 'rendered') countMetric('Rendered');
  const { execution, attempt: number } = attempt;
  logger.info('attempt ended', { execution, attempt: number, stopped, next: decision.next });
  flushMetrics();
  return decision;
});
