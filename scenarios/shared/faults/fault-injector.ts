/** Services whose calls can be disturbed, by the names in a request's signature. */
export const disturbedServices = ['codebuild', 'dynamodb', 'ec2', 'kinesis', 's3', 'sns', 'sqs', 'states'] as const;
export type DisturbedService = (typeof disturbedServices)[number];

/** Shares of a function's calls to a service that are disturbed, at most 1 in total. */
export interface Disturbance {
  /** Rejected with the service's throttling error. */
  readonly throttled?: number;
  /** The connection breaks before the service receives the call. */
  readonly dropped?: number;
  /** The call takes effect, and the connection breaks before the response. */
  readonly unanswered?: number;
  /** Delayed, then forwarded. */
  readonly slow?: number;
  /** Delay of slow calls. @default 1000 */
  readonly slowMilliseconds?: number;
}

/** Number of calls, disturbed ones by kind. */
export interface DisturbedCalls {
  /** All calls of the function to the service, disturbed or not. */
  readonly calls: number;
  readonly throttled: number;
  readonly dropped: number;
  readonly unanswered: number;
  readonly slow: number;
}

export interface DatabaseCrash {
  /** Milliseconds since 1970. */
  readonly returnedAt: number;
}

export interface DatabaseWatch {
  /** Peak number of connections from the proxy to the server. */
  readonly most: number;
  /** Connections that the stack's configuration allows the proxy. */
  readonly limit: number;
  /** Peak number of clients connected to the proxy. */
  readonly clients: number;
  /** Number of clients that pinned a connection during the watch. */
  readonly pinned: number;
  /** Number of samples. */
  readonly samples: number;
}

/** Conditions of EC2 that a proof sets. */
export interface Ec2Conditions {
  /** Zones and instance types without capacity, such as `us-east-1a` or `t3.micro`: none with an empty list. */
  readonly noCapacity?: readonly string[];
  /** Whether new snapshots complete after a moment, stay pending, or fail. */
  readonly snapshots?: 'completed' | 'pending' | 'error';
  /** Days by which all snapshots are shown as older than they are; 0 ends it. */
  readonly snapshotAgeDays?: number;
}

/** Email that SES sent to one recipient. */
export interface SentEmail {
  readonly recipient: string;
  readonly sender: string;
  readonly subject: string;
  readonly text: string;
}

export interface RefusedBuilds {
  /** Number so far. */
  readonly count: () => number;
  readonly end: () => void;
}

/** Injects faults around a function, never in its code. Available in a local run only. */
export interface FaultInjector {
  /** Kills every execution environment of the function that is running now; returns their number. */
  kill(functionName: string): Promise<number>;
  /**
   * Disturbs the function's calls to a service; one disturbance per function and service at a time.
   *
   * @param seed selects the calls, as far as they come in the same order
   * @returns function that ends it
   */
  disturb(
    functionName: string,
    service: DisturbedService,
    disturbance: Disturbance,
    seed: number,
  ): Promise<() => Promise<DisturbedCalls>>;
  /** Sets the conditions of the local EC2; each stays until it is set again. */
  setEc2Conditions(conditions: Ec2Conditions): Promise<void>;
  /** Returns the emails that the local SES has sent. */
  sentEmails(): Promise<readonly SentEmail[]>;
  /**
   * Kills the database server and starts it again on the same data.
   *
   * @returns once it accepts connections again, with that time
   */
  crashDatabase(): Promise<DatabaseCrash>;
  /** Samples the connections from the proxy to the server until the returned function is called. */
  watchDatabase(): Promise<() => Promise<DatabaseWatch>>;
  /**
   * Crashes the poller of event source mappings of streams: it continues from its last checkpoint, and delivers again what was
   * being processed.
   */
  crashStreamPoller(): Promise<void>;
  /** Sets the clock of that poller ahead, by which records become too old; with 0 it is right again. */
  setStreamPollerClock(secondsAhead: number): Promise<void>;
  /** Loses all events of builds or of repositories, which are delivered as best effort, until the returned function is called. */
  loseEvents(service: 'codebuild' | 'codecommit'): () => void;
  /** Ends the builds that run a program with this text in its arguments: their machine dies, or their timeout passes; returns their number. */
  endBuilds(argument: string, how: 'died' | 'timed out'): number;
  /** Refuses new builds, as in an account that may have none, until it is ended. */
  refuseBuilds(): RefusedBuilds;
  /**
   * Signals the next task of ECS that starts, and waits for its end: SIGKILL as a machine that is lost, SIGSTOP as a process
   * that hangs, SIGTERM as Spot's notice. It is stopped at the moment that is seen, so that it cannot end before the signal.
   *
   * @param file in its folder for temporary files that exists from the moment on; as soon as it runs without one
   * @returns whether it received the signal: not if it ended before the moment was seen
   */
  signalNextTask(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGTERM', file?: string): Promise<boolean>;
  /** Number of processes that are tasks of ECS. */
  runningTasks(): number;
}

/** @throws Error where the check does not declare `needs: 'faults'` */
export function faultsOf({ faults }: { readonly faults?: FaultInjector }): FaultInjector {
  if (faults === undefined) throw new Error("fault injection is not available: the check must declare needs: 'faults'");
  return faults;
}
