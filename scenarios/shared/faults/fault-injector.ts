import type { ScenarioRun } from '../scenario';

/** Services whose calls can be disturbed, as a signature names them. */
export const disturbedServices = ['dynamodb', 's3', 'sns', 'sqs', 'states'] as const;
export type DisturbedService = (typeof disturbedServices)[number];

/** What becomes of a function's calls to a service: shares of all calls, at most 1 together; the rest passes. */
export interface Disturbance {
  /** Answered with the service's throttling error. */
  readonly throttled?: number;
  /** The connection breaks before the service hears of the call. */
  readonly dropped?: number;
  /** The call takes effect, and the connection breaks in place of its answer. */
  readonly unanswered?: number;
  /** Held back for a while, then passed on. */
  readonly slow?: number;
  /** How long slow calls are held back. @default 1000 */
  readonly slowMilliseconds?: number;
}

/** What came of a disturbance, in calls. */
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
  /** Connections of the proxy to the server at once. */
  readonly most: number;
  /** Connections that the proxy may have, as the stack configures it. */
  readonly limit: number;
  /** Clients that were connected to the proxy at once. */
  readonly clients: number;
  /** How often they were counted. */
  readonly looks: number;
}

/** Makes things fail around a function, never in it. Only a local run can: a real account lets nobody do it. */
export interface FaultInjector {
  /** Ends by SIGKILL every execution environment of the function that is at work at this moment; tells how many. */
  kill(functionName: string): Promise<number>;
  /**
   * Disturbs the function's calls to a service. One disturbance of a function and a service at a time.
   *
   * @param seed decides which calls it meets, as far as they come in the same order
   * @returns what switches it off
   */
  disturb(
    functionName: string,
    service: DisturbedService,
    disturbance: Disturbance,
    seed: number,
  ): Promise<() => Promise<DisturbedCalls>>;
  /**
   * Ends the database server by SIGKILL and starts it again on the same data.
   *
   * @returns once it takes connections again, with the moment of that
   */
  crashDatabase(): Promise<DatabaseCrash>;
  /** Counts the connections of the proxy at the server again and again, until what it returns is called. */
  watchDatabase(): Promise<() => Promise<DatabaseWatch>>;
}

/** @throws Error where the check forgot to say that it needs them */
export function faultsOf({ faults }: Pick<ScenarioRun, 'faults'>): FaultInjector {
  if (faults === undefined) throw new Error("no faults are offered: the check has to say needs: 'faults'");
  return faults;
}
