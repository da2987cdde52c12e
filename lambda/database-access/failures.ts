/** An error as its caller may see it: a name and a sentence, nothing of the database and no stack. */
export class TellableError extends Error {
  constructor(name: string, sentence: string) {
    super(sentence);
    this.name = name;
    // The runtime sends the stack to the caller; what this hides is in the log.
    this.stack = `${name}: ${sentence}`;
  }
}

/** Thrown for input that is no request; nothing was done. */
export function unusableRequest(details: readonly string[]): TellableError {
  const shown = details.slice(0, 5).join('; ');
  const more = details.length > 5 ? `; and ${details.length - 5} more` : '';
  return new TellableError('UnusableRequest', `not a request of this function (${shown}${more}): nothing was done`);
}

/** Thrown when the database was not there in time; the same request may be sent again. */
export function databaseUnavailable(): TellableError {
  return new TellableError('DatabaseUnavailable', 'the database did not answer in time: send the same request again');
}

/** Thrown for anything else: the log has the reason. */
export function internalFailure(requestId: string): TellableError {
  return new TellableError('InternalFailure', `the request failed: the log says why under request ${requestId}`);
}

/**
 * What a database's error means for whoever asked.
 *
 * `lost`: the connection is gone or not to be trusted, another may work. `busy`: others were in the way, the same
 * connection may work. `permanent`: it fails again.
 */
export type FailureKind = 'lost' | 'busy' | 'permanent';

/** SQLSTATE classes and codes of PostgreSQL. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const postgres: readonly (readonly [RegExp, FailureKind])[] = [
  [/^(08|58)\w{3}$/, 'lost'],
  // The server is going down, has crashed, or is starting.
  [/^57P0\d$/, 'lost'],
  // Read-only: this is the server that a failover has left.
  [/^25006$/, 'lost'],
  // Too many connections.
  [/^53\w{3}$/, 'lost'],
  [/^(40001|40P01|55P03)$/, 'busy'],
];

/** Codes of the drivers and of Node. */
const named: Readonly<Record<string, FailureKind>> = {
  ER_LOCK_DEADLOCK: 'busy',
  ER_LOCK_WAIT_TIMEOUT: 'busy',
  ER_OPTION_PREVENTS_STATEMENT: 'lost',
  ER_CON_COUNT_ERROR: 'lost',
  ER_SERVER_SHUTDOWN: 'lost',
  PROTOCOL_CONNECTION_LOST: 'lost',
  PROTOCOL_SEQUENCE_TIMEOUT: 'lost',
  ECONNREFUSED: 'lost',
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  ETIMEDOUT: 'lost',
  EHOSTUNREACH: 'lost',
  ENOTFOUND: 'lost',
  EAI_AGAIN: 'lost',
};

/** What the drivers say without a code when a connection has ended or has not answered in time. */
const lostMessages =
  /connection terminated|timed-out waiting to acquire database connection|timeout exceeded when trying to connect|query read timeout|connection is in closed state|not queryable|socket (hang up|disconnected)|packets out of order|driver has already been destroyed|cannot use a pool after/i;

export function kindOf(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'permanent';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (named[code] !== undefined) return named[code];
  const known = postgres.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return known[1];
  return lostMessages.test(error.message) ? 'lost' : 'permanent';
}

/** What may be logged of a database's error: its code and message name tables and columns, never values. */
export function loggable(error: unknown): { name: string; code?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name: error.name, ...code };
}
