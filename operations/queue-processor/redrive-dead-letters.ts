import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  redriveResponseSchema,
  type RedriveRequest,
  type RedriveResponse,
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
}

export interface RedriveResult extends Omit<RedriveResponse, 'startedAt' | 'unfinished' | 'error'> {
  /** Whether its signal stopped it while there may have been more. */
  readonly stopped: boolean;
  /** Error that ended it early; messages that were not sent are still in the dead-letter queue. */
  readonly error?: Error;
}

/**
 * Invokes the stack's redrive function until no matching dead letter is left, or as many were examined as there were.
 *
 * Messages that were sent after the start are skipped: they are the redriven ones that have failed again. In a dry run
 * `sent` is the number of messages that match.
 */
export async function redriveDeadLetters(redrive: RedriveDeadLetters): Promise<RedriveResult> {
  const { request = {}, signal, onProgress } = redrive;
  let result = nothing;
  let startedAt: number | undefined;
  for (;;) {
    const remaining = request.max === undefined ? {} : { max: request.max - result.sent };
    let response: RedriveResponse;
    try {
      response = await call(redrive, { ...request, ...remaining, ...(startedAt === undefined ? {} : { startedAt }) });
    } catch (thrown) {
      return { ...result, error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
    }
    // By the function's clock, which is that of the queue.
    startedAt ??= response.startedAt;
    result = add(result.examined === 0 ? { ...nothing, found: response.found } : result, response);
    onProgress?.(result);
    if (response.error !== undefined) return { ...result, error: new Error(`the function reported ${response.error}`) };
    if (isComplete(request, result, response)) return result;
    if (signal?.aborted === true) return { ...result, stopped: true };
  }
}

/** Messages that an earlier invocation left hidden become visible again after a while, and would be examined forever. */
function isComplete(request: Partial<RedriveRequest>, result: RedriveResult, response: RedriveResponse): boolean {
  if (!response.unfinished || result.sent >= (request.max ?? Infinity)) return true;
  return result.examined >= result.found && (request.dryRun === true || response.sent === 0);
}

const nothing: RedriveResult = {
  found: 0,
  examined: 0,
  sent: 0,
  reasons: {},
  refused: {},
  oldestSeconds: 0,
  sample: [],
  remaining: 0,
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
  return {
    ...result,
    examined: result.examined + response.examined,
    sent: result.sent + response.sent,
    reasons: sum(result.reasons, response.reasons),
    refused: sum(result.refused, response.refused),
    oldestSeconds: Math.max(result.oldestSeconds, response.oldestSeconds),
    sample: [...result.sample, ...response.sample].slice(0, 10),
    remaining: response.remaining,
  };
}

function sum(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): Record<string, number> {
  const total = { ...one };
  for (const [name, count] of Object.entries(other)) total[name] = (total[name] ?? 0) + count;
  return total;
}
