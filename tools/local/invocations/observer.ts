import { basename, join } from 'node:path';
import type { FunctionFailure, FunctionObserver, FunctionStatistics } from '../../scenario-runner/function-observer';
import { functionNamed, type DeployedFunction } from './deployed-functions';
import { entriesOf, readEvents, type FilePosition } from './event-file';
import { invocationsFolder, type InvocationError, type InvocationEvent } from './events';
import { statisticsOf, type FinishedInvocation } from './statistics';
import { withThrottles } from './throttles';

const pollMilliseconds = 200;
/** Tolerance around the deadline of an invocation. */
const deadlineMargin = 1_000;
/** Time without a success after which a function's failures count as permanent, whatever its retries. */
const permanentAfterMilliseconds = 20_000;

type BeginEvent = Extract<InvocationEvent, { event: 'begin' }>;

interface Environment extends FilePosition {
  /** Invocation that has begun and not ended. */
  active: BeginEvent | undefined;
}

/** Follows the invocations of a local run's functions through the files that their runtime writes. */
export class InvocationObserver implements FunctionObserver {
  private functions: ReadonlyMap<string, DeployedFunction> = new Map();
  private readonly environments = new Map<string, Environment>();
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
    private readonly folder: string,
    private readonly onFailure: (failure: FunctionFailure) => void,
    private readonly readThrottles: (since: number) => Promise<ReadonlyMap<string, number>> = () =>
      Promise.resolve(new Map()),
  ) {
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
    for (const physicalName of entriesOf(this.folder)) {
      const invoked = functionNamed(this.functions, physicalName);
      if (invoked === undefined) continue;
      const folder = invocationsFolder(this.folder, physicalName);
      for (const file of entriesOf(folder)) this.readEnvironment(invoked, join(folder, file));
    }
  }

  private readEnvironment(invoked: DeployedFunction, file: string): void {
    const environment = this.environments.get(file) ?? { offset: 0, active: undefined };
    this.environments.set(file, environment);
    // Checked before the events are read: a process that has ended since then has written its last event.
    const hasEnded = environment.active !== undefined && !isRunning(Number(basename(file, '.jsonl')));
    for (const event of readEvents(file, environment)) this.handle(invoked, environment, event);
    const { active } = environment;
    if (active === undefined) return;
    // The emulator kills a process at its deadline.
    if (Date.now() >= active.deadline - deadlineMargin && (hasEnded || Date.now() > active.deadline + deadlineMargin)) {
      const seconds = Math.round((active.deadline - active.time) / 1000);
      const error = { type: 'Sandbox.Timedout', message: `timed out after ${seconds} s` };
      this.finish(invoked, environment, { time: active.deadline, error });
    } else if (hasEnded) {
      const error = { type: 'Runtime.ExitError', message: 'process ended during the invocation' };
      this.finish(invoked, environment, { time: Date.now(), error });
    }
  }

  private handle(invoked: DeployedFunction, environment: Environment, event: InvocationEvent): void {
    switch (event.event) {
      case 'begin':
        environment.active = event;
        return;
      case 'end':
        this.finish(invoked, environment, event);
        return;
      case 'killed':
        environment.active = undefined;
        return;
      case 'init-failed':
        this.fail(invoked, event.time, event.error, event.lines, {});
        return;
      case 'denied': {
        if (environment.active !== undefined && this.isIgnored(environment.active)) return;
        const { operation, service, resources } = event.call;
        const message = `denied ${service}:${operation} on ${resources.join(', ') || 'any resource'}`;
        this.fail(invoked, event.time, { type: 'AccessDenied', message }, [], {});
      }
    }
  }

  private finish(
    invoked: DeployedFunction,
    environment: Environment,
    end: {
      readonly time: number;
      readonly error?: InvocationError;
      readonly lines?: readonly string[];
      readonly memoryMegabytes?: number;
    },
  ): void {
    const { active } = environment;
    environment.active = undefined;
    if (active === undefined || this.isIgnored(active)) return;
    const { time, error, lines = [], memoryMegabytes = 0 } = end;
    this.finished.push({
      function: invoked,
      time,
      milliseconds: time - active.time,
      memoryMegabytes,
      coldStart: active.coldStart,
      failed: error !== undefined,
    });
    if (error === undefined) return;
    const { trigger } = active;
    const sent = trigger.kind === 'direct' ? undefined : trigger.sent;
    this.fail(invoked, time, error, lines, {
      ...this.attemptOf(invoked, active),
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

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
