import type { FunctionFailure, FunctionObserver, FunctionStatistics } from '../../scenario-runner/function-observer';
import type { DeployedFunction } from './deployed-functions';
import { Environments, type BeginEvent, type InvocationEnd } from './environments';
import type { InvocationError, InvocationEvent } from './events';
import { statisticsOf, type FinishedInvocation } from './statistics';
import { withThrottles } from './throttles';

const pollMilliseconds = 200;
/** Time without a success after which a function's failures count as permanent: longer than a slow machine takes to retry. */
const permanentAfterMilliseconds = 90_000;

/** Follows the invocations of a local run's functions through the files that their runtime writes. */
export class InvocationObserver implements FunctionObserver {
  private functions: ReadonlyMap<string, DeployedFunction> = new Map();
  private readonly environments: Environments;
  private readonly failed: FunctionFailure[] = [];
  private readonly finished: FinishedInvocation[] = [];
  private readonly expectations = new Set<{ readonly slug: string; readonly types: readonly string[] | 'all' }>();
  private readonly attempts = new Map<string, number>();
  private ignoredBefore = 0;
  private readonly timer: NodeJS.Timeout;

  /**
   * @param folder of `faultFolderVariable`
   * @param onFailure receives every failure that is not expected as soon as it is seen
   * @param readThrottles returns throttled invocations since a time, by the physical name of the function
   */
  constructor(
    folder: string,
    private readonly onFailure: (failure: FunctionFailure) => void,
    private readonly readThrottles: (since: number) => Promise<ReadonlyMap<string, number>> = () =>
      Promise.resolve(new Map()),
  ) {
    this.environments = new Environments(folder, {
      ended: (invoked, begin, end) => this.ended(invoked, begin, end),
      failedToStart: (invoked, { time, error, lines }) => this.fail(invoked, time, error, lines, {}),
      denied: (invoked, event, begin) => this.denied(invoked, event, begin),
    });
    this.timer = setInterval(() => this.poll(), pollMilliseconds);
    this.timer.unref();
  }

  /** Sets the functions whose invocations are observed. */
  observe(functions: ReadonlyMap<string, DeployedFunction>): void {
    this.functions = functions;
  }

  /**
   * Ignores invocations by events that were sent before this time: of a check that failed, Lambda and SQS retry them during
   * the next one.
   */
  ignoreEventsBefore(time: number): void {
    this.poll();
    this.ignoredBefore = time;
  }

  expectErrors(slug: string, types: readonly string[] | 'all'): () => void {
    const expectation = { slug, types };
    this.expectations.add(expectation);
    return () => {
      this.poll();
      this.expectations.delete(expectation);
    };
  }

  failures(slug: string, since: number): FunctionFailure[] {
    this.poll();
    return this.failed.filter((failure) => failure.slug === slug && failure.time >= since);
  }

  permanentFailure(slug: string, since: number): FunctionFailure | undefined {
    const failures = this.failures(slug, since);
    return failures.find((failure) => {
      if (failure.isExpected || isOlder(failure.sent, since)) return false;
      const hasSucceeded = this.finished.some(
        (one) =>
          one.function.slug === slug &&
          one.function.name === failure.function &&
          !one.failed &&
          one.time >= failure.time,
      );
      if (hasSucceeded) return false;
      return failure.isLastAttempt || Date.now() - failure.time >= permanentAfterMilliseconds;
    });
  }

  /** @param since in milliseconds since 1970 */
  async statistics(since: number): Promise<FunctionStatistics[]> {
    this.poll();
    const finished = this.finished.filter(({ time }) => time >= since);
    const throttles = await this.readThrottles(since);
    return withThrottles(statisticsOf([...this.functions.values()], finished), throttles, this.functions);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private poll(): void {
    this.environments.read(this.functions);
  }

  private denied(
    invoked: DeployedFunction,
    { time, call }: Extract<InvocationEvent, { event: 'denied' }>,
    begin: BeginEvent | undefined,
  ): void {
    if (begin !== undefined && this.isIgnored(begin)) return;
    const { operation, service, resources } = call;
    const message = `denied ${service}:${operation} on ${resources.join(', ') || 'any resource'}`;
    this.fail(invoked, time, { type: 'AccessDenied', message }, [], {});
  }

  private ended(invoked: DeployedFunction, begin: BeginEvent, end: InvocationEnd): void {
    if (this.isIgnored(begin)) return;
    const { time, error, lines = [], memoryMegabytes = 0 } = end;
    this.finished.push({
      function: invoked,
      time,
      milliseconds: time - begin.time,
      memoryMegabytes,
      coldStart: begin.coldStart,
      failed: error !== undefined,
    });
    if (error === undefined) return;
    const { trigger } = begin;
    const sent = trigger.kind === 'direct' ? undefined : trigger.sent;
    this.fail(invoked, time, error, lines, {
      ...this.attemptOf(invoked, begin),
      ...(sent === undefined ? {} : { sent }),
    });
  }

  private isIgnored({ trigger }: BeginEvent): boolean {
    return trigger.kind !== 'direct' && isOlder(trigger.sent, this.ignoredBefore);
  }

  private attemptOf(invoked: DeployedFunction, { trigger }: BeginEvent): { attempt?: number; attempts?: number } {
    switch (trigger.kind) {
      case 'direct':
        return {};
      case 'sqs':
        return {
          attempt: trigger.receiveCount,
          ...(invoked.sqsAttempts === undefined ? {} : { attempts: invoked.sqsAttempts }),
        };
      case 'async': {
        const key = `${invoked.slug}/${invoked.logicalId}/${trigger.hash}`;
        const attempt = (this.attempts.get(key) ?? 0) + 1;
        this.attempts.set(key, attempt);
        return { attempt, attempts: invoked.asyncAttempts };
      }
    }
  }

  private fail(
    { slug, name }: DeployedFunction,
    time: number,
    error: InvocationError,
    lines: readonly string[],
    attempt: { readonly attempt?: number; readonly attempts?: number; readonly sent?: number },
  ): void {
    const isExpected = [...this.expectations].some(
      (one) => one.slug === slug && (one.types === 'all' || one.types.includes(error.type)),
    );
    const isLastAttempt = attempt.attempt !== undefined && attempt.attempt === attempt.attempts;
    const failure = { slug, function: name, time, ...error, lines, ...attempt, isLastAttempt, isExpected };
    this.failed.push(failure);
    if (!isExpected) this.onFailure(failure);
  }
}

/** Whether an event was sent before a time; EventBridge's times have no milliseconds. */
function isOlder(sent: number | undefined, time: number): boolean {
  return sent !== undefined && sent < time - 1_000;
}
