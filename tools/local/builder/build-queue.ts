import type { RefusedBuilds } from '../../../scenarios/shared/faults/fault-injector';
import { ServiceError } from '../json-service';

/** Time and timers, which tests replace. */
export interface Clock {
  now(): number;
  /** Calls back once, after so many milliseconds; returns a function that cancels it. */
  after(milliseconds: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};

const tokenMilliseconds = 5 * 60_000;

/** https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html: builds that wait are five times those that run. */
const queuedForEachRunning = 5;

/** Idempotency tokens, valid for five minutes: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html */
export class IdempotencyTokens {
  private readonly used = new Map<string, { readonly request: string; readonly id: string; readonly at: number }>();

  constructor(private readonly clock: Clock) {}

  /**
   * Returns the build of an earlier request with the token, or undefined for a new one.
   *
   * @throws ServiceError for another request with the same token
   */
  find(token: string, request: string): string | undefined {
    const found = this.used.get(token);
    if (found === undefined || this.clock.now() - found.at >= tokenMilliseconds) return undefined;
    if (found.request === request) return found.id;
    throw new ServiceError('InvalidInputException', 'the idempotency token was used with other parameters');
  }

  remember(token: string, request: string, id: string): void {
    this.used.set(token, { request, id, at: this.clock.now() });
  }
}

/** Runs so many jobs at once and lets others wait, up to the limit of the account. */
export class BuildQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Counts a job that is turned away while all are. */
  private count: (() => void) | undefined;

  constructor(private readonly atOnce: number) {}

  /** Turns all jobs away until it is ended. */
  refuse(): RefusedBuilds {
    let refused = 0;
    this.count = () => (refused += 1);
    return { count: () => refused, end: () => (this.count = undefined) };
  }

  /** @throws ServiceError where the queue is full, or refuses all */
  checkRoom(): void {
    if (this.count !== undefined) {
      this.count();
      throw new ServiceError(
        'AccountLimitExceededException',
        'Cannot have more than 0 builds in queue for the account',
      );
    }
    if (this.waiting.length < queuedForEachRunning * this.atOnce) return;
    throw new ServiceError('AccountLimitExceededException', 'Cannot have more builds in queue for the account');
  }

  /** Resolves when the job has ended; it is skipped if it was cancelled while it waited. */
  async run(job: () => Promise<void>, isCancelled: () => boolean): Promise<void> {
    if (this.running >= this.atOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
    try {
      if (!isCancelled()) await job();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}
