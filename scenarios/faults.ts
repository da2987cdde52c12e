/** Services whose calls can be answered with throttling. */
export type ThrottledService = 'dynamodb';

/** What the throttled service saw. */
export interface ThrottledCalls {
  /** All calls of the function to the service, the refused ones included. */
  readonly calls: number;
  readonly throttled: number;
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
   * Has a share of the function's calls to a service answered with that service's throttling error.
   *
   * @param share of the calls, 0 to 1, chosen at random
   * @returns what switches it off
   */
  throttle(functionName: string, service: ThrottledService, share: number): Promise<() => Promise<ThrottledCalls>>;
  /**
   * Ends the database server by SIGKILL and starts it again on the same data.
   *
   * @returns once it takes connections again, with the moment of that
   */
  crashDatabase(): Promise<DatabaseCrash>;
  /** Counts the connections of the proxy at the server again and again, until what it returns is called. */
  watchDatabase(): Promise<() => Promise<DatabaseWatch>>;
}
