import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  redriveResponseSchema,
  type RedriveResponse,
  type RedriveRequest,
} from '../../lambda/queue-processor/redrive-request';

export interface RedriveDeadLetters {
  readonly lambda: Pick<LambdaClient, 'send'>;
  /** Stack output `RedriveFunctionName`. */
  readonly functionName: string;
  readonly request?: Partial<RedriveRequest>;
  /** Called after each invocation with the result so far. */
  readonly onProgress?: (result: RedriveResult) => void;
  /** Stops it after the current invocation, which takes about 20 seconds at most. */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
}

export interface RedriveResult extends Omit<RedriveResponse, 'again' | 'error'> {
  /** Whether its signal stopped it while there may have been more. */
  readonly stopped: boolean;
  /** Error that ended it early; messages that were not sent are still in the dead-letter queue. */
  readonly error?: Error;
}

/**
 * Invokes the stack's redrive function until no matching dead letter is left.
 *
 * Messages that were sent after the start are skipped: they are the redriven ones that have failed again. In a dry run
 * `sent` is the number of messages that match.
 */
export async function redriveDeadLetters(redrive: RedriveDeadLetters): Promise<RedriveResult> {
  const { request = {}, now = Date.now, signal, onProgress } = redrive;
  const started = now();
  let result: RedriveResult | undefined;
  for (;;) {
    const elapsedSeconds = Math.ceil((now() - started) / 1_000);
    const olderThanSeconds = (request.olderThanSeconds ?? 0) + elapsedSeconds;
    const remaining = request.max === undefined ? {} : { max: request.max - (result?.sent ?? 0) };
    let response: RedriveResponse;
    try {
      response = await call(redrive, { ...request, ...remaining, olderThanSeconds });
    } catch (thrown) {
      return { ...(result ?? nothing), error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
    }
    result = add(result ?? { ...nothing, found: response.found }, response);
    onProgress?.(result);
    if (response.error !== undefined) return { ...result, error: new Error(`the function reported ${response.error}`) };
    if (!response.again || result.sent >= (request.max ?? Infinity)) return result;
    if (signal?.aborted === true) return { ...result, stopped: true };
  }
}

const nothing: RedriveResult = {
  found: 0,
  looked: 0,
  sent: 0,
  reasons: {},
  oldestSeconds: 0,
  sample: [],
  left: 0,
  stopped: false,
};

async function call(
  { lambda, functionName }: RedriveDeadLetters,
  request: Partial<RedriveRequest>,
): Promise<RedriveResponse> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) }),
  );
  const response: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  if (FunctionError !== undefined) {
    const { errorType = FunctionError, errorMessage = '' } = response as { errorType?: string; errorMessage?: string };
    throw new Error(`${functionName} failed: ${errorType}: ${errorMessage}`);
  }
  return redriveResponseSchema.parse(response);
}

function add(result: RedriveResult, response: RedriveResponse): RedriveResult {
  const reasons = { ...result.reasons };
  for (const [reason, count] of Object.entries(response.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count;
  return {
    ...result,
    looked: result.looked + response.looked,
    sent: result.sent + response.sent,
    reasons,
    oldestSeconds: Math.max(result.oldestSeconds, response.oldestSeconds),
    sample: [...result.sample, ...response.sample].slice(0, 10),
    left: response.left,
  };
}
