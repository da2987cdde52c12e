import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  redriveAnswerSchema,
  type RedriveAnswer,
  type RedriveRequest,
} from '../../lambda/queue-processor/redrive-request';

export interface RedriveDeadLetters {
  readonly lambda: Pick<LambdaClient, 'send'>;
  /** The stack's output `RedriveFunctionName`. */
  readonly functionName: string;
  readonly request?: Partial<RedriveRequest>;
  /** Told after each call how far it has come. */
  readonly onProgress?: (result: RedriveResult) => void;
  /** Ends it after the call under way, which takes about 20 seconds at most; nothing is lost. */
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
}

export interface RedriveResult extends Omit<RedriveAnswer, 'again' | 'error'> {
  /** It was stopped by its signal while there may have been more. */
  readonly stopped: boolean;
  /** What ended it early; messages that were not sent are still among the dead letters. */
  readonly error?: Error;
}

/**
 * Has the stack's own function send dead letters back, call after call, until none is left that matches.
 *
 * Messages that were sent after the start are left: they are those that it sent itself and that failed again. In a dry run
 * `sent` is how many would be.
 */
export async function redriveDeadLetters(redrive: RedriveDeadLetters): Promise<RedriveResult> {
  const { request = {}, now = Date.now, signal, onProgress } = redrive;
  const started = now();
  let result: RedriveResult | undefined;
  for (;;) {
    const elapsedSeconds = Math.ceil((now() - started) / 1_000);
    const olderThanSeconds = (request.olderThanSeconds ?? 0) + elapsedSeconds;
    const remaining = request.max === undefined ? {} : { max: request.max - (result?.sent ?? 0) };
    let answer: RedriveAnswer;
    try {
      answer = await call(redrive, { ...request, ...remaining, olderThanSeconds });
    } catch (thrown) {
      return { ...(result ?? nothing), error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
    }
    result = add(result ?? { ...nothing, found: answer.found }, answer);
    onProgress?.(result);
    if (answer.error !== undefined) return { ...result, error: new Error(`the function met ${answer.error}`) };
    if (!answer.again || result.sent >= (request.max ?? Infinity)) return result;
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
): Promise<RedriveAnswer> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null');
  if (FunctionError !== undefined) {
    const { errorType = FunctionError, errorMessage = '' } = answer as { errorType?: string; errorMessage?: string };
    throw new Error(`${functionName} failed: ${errorType}: ${errorMessage}`);
  }
  return redriveAnswerSchema.parse(answer);
}

function add(result: RedriveResult, answer: RedriveAnswer): RedriveResult {
  const reasons = { ...result.reasons };
  for (const [reason, count] of Object.entries(answer.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count;
  return {
    ...result,
    looked: result.looked + answer.looked,
    sent: result.sent + answer.sent,
    reasons,
    oldestSeconds: Math.max(result.oldestSeconds, answer.oldestSeconds),
    sample: [...result.sample, ...answer.sample].slice(0, 10),
    left: answer.left,
  };
}
