import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod/mini';
import { startLargeRender } from './adapters/large-renders';
import { hideFor, setAside, type RequestQueues } from './adapters/sqs-requests';
import { renderDocument } from './render';
import { browser, renderDependencies, renderSettings, s3 } from './render-dependencies';
import { outgrows, RenderBusyError, refusalOf } from './render-errors';
import { parseRequest } from './request';
import { Deadline } from '../shared/deadline';
import { readEnvironment } from '../shared/environment';
import { countExpectedErrors } from '../shared/expected-errors';
import { countMetric, errorFields, flushMetrics, logger } from '../shared/observability';
import { createSQSClient } from '../shared/sqs-client';
import { createStatesClient } from '../shared/states-client';

// The container of large documents runs this bundle too.
export { renderLarge } from './render-large';

const settings = readEnvironment(
  z.object({
    RENDERS_QUEUE_URL: z.string(),
    FAILURES_QUEUE_URL: z.string(),
    LARGE_RENDERS_ARN: z.optional(z.string()),
  }),
  process.env,
);

const queues: RequestQueues = {
  client: createSQSClient(),
  rendersQueueUrl: settings.RENDERS_QUEUE_URL,
  failuresQueueUrl: settings.FAILURES_QUEUE_URL,
};
const sfn = createStatesClient();

/** A failure is thrown instead: a batch is one message, and the function's errors raise an alarm. */
const done: SQSBatchResponse = { batchItemFailures: [] };

const recordsSchema = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string(),
        receiptHandle: z.string(),
        body: z.string(),
        attributes: z.object({ ApproximateReceiveCount: z.string() }),
      }),
    )
    .check(z.length(1)),
});

/** Renders the document of one message. A request that can never be rendered goes to the failures queue with its reason. */
export const handler = countExpectedErrors(
  (error) => error instanceof RenderBusyError,
  async (event, context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    const [message] = recordsSchema.parse(event).Records;
    if (message === undefined) return done;
    const { messageId, receiptHandle, body } = message;
    const deadline = new Deadline(() => context.getRemainingTimeInMillis());
    try {
      const request = parseRequest(body);
      const outcome = await renderDocument(request, renderDependencies(deadline, context.awsRequestId));
      countMetric(outcome === 'rendered' ? 'Rendered' : 'Reused');
      logger.info('document rendered', {
        ...{ messageId, requestId: request.requestId, outcome },
        ...{ browserMegabytes: browser.takePeakMegabytes(), program: browser.program },
      });
      return done;
    } catch (error) {
      const { LARGE_RENDERS_ARN: stateMachineArn } = settings;
      if (stateMachineArn !== undefined && outgrows(error)) {
        const inputBucketName = renderSettings.INPUT_BUCKET_NAME;
        await startLargeRender({ s3, sfn, inputBucketName, stateMachineArn }, messageId, body);
        countMetric('Outgrown');
        logger.info('request handed over to a container', { messageId, ...errorFields(error) });
        return done;
      }
      const receives = Number(message.attributes.ApproximateReceiveCount);
      const refusal = refusalOf(error, receives);
      if (refusal !== undefined) {
        const { reason, detail } = refusal;
        await setAside(queues, body, refusal);
        countMetric('Refused');
        logger.warn('request refused', { messageId, reason, detail, browserMegabytes: browser.takePeakMegabytes() });
        return done;
      }
      countMetric('Failed');
      logger.warn('document not rendered', {
        ...{ messageId, browserMegabytes: browser.takePeakMegabytes() },
        ...errorFields(error),
      });
      await delay(receiptHandle, error, receives);
      throw error;
    } finally {
      flushMetrics();
    }
  },
);

/** Sets the time until a failed message is received again; its visibility timeout is left if that fails. */
async function delay(receiptHandle: string, error: unknown, receives: number): Promise<void> {
  const backoff = Math.min(5 * receives, 60);
  const seconds = error instanceof RenderBusyError ? Math.min(error.retrySeconds, backoff) : backoff;
  try {
    await hideFor(queues, receiptHandle, seconds);
  } catch (thrown) {
    logger.warn('the delay of a failed message was not set', errorFields(thrown));
  }
}
