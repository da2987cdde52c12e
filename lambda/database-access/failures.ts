/** An error that callers may see: a name and a sentence, without database details and without a stack. */
export class PublicError extends Error {
  constructor(name: string, sentence: string) {
    super(sentence);
    this.name = name;
    // The runtime sends the stack to the caller; the log has the details.
    this.stack = `${name}: ${sentence}`;
  }
}

/** Error for invalid input; nothing was stored. */
export function unusableRequest(details: readonly string[]): PublicError {
  const shown = details.slice(0, 5).join('; ');
  const more = details.length > 5 ? `; and ${details.length - 5} more` : '';
  return new PublicError('UnusableRequest', `invalid request (${shown}${more}): nothing was stored`);
}

/** Whether an error is the caller's fault. */
export function isUnusableRequest(error: unknown): boolean {
  return error instanceof PublicError && error.name === 'UnusableRequest';
}

/** Error for a database that did not answer in time; the caller may send the same request again. */
export function databaseUnavailable(): PublicError {
  return new PublicError('DatabaseUnavailable', 'the database did not answer in time: send the same request again');
}

/** Error for a login that the proxy or the database refused; in a new deployment it passes once IAM knows the permissions. */
export function loginRefused(user: string): PublicError {
  return new PublicError(
    'LoginRefused',
    `the proxy or the database refused the login of ${user}: compare role and proxy`,
  );
}

/** Whether a later attempt may succeed without anyone's help. */
export function isTemporary(error: unknown): boolean {
  return error instanceof PublicError && ['DatabaseUnavailable', 'LoginRefused'].includes(error.name);
}

/** Error for everything else; the log has the reason. */
export function internalFailure(requestId: string): PublicError {
  return new PublicError('InternalFailure', `the request failed: see the log of request ${requestId}`);
}

/**
 * `connection-lost`: the connection is closed or in an unknown state; a new one may work. `contention`: another
 * transaction was in the way; the same connection may work. `permanent`: a retry fails again.
 */
export type ErrorKind = 'connection-lost' | 'contention' | 'permanent';

/** SQLSTATE classes and codes of PostgreSQL. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const sqlStates: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^(08|58)\w{3}$/, 'connection-lost'],
  // The server is shutting down, has crashed, or is starting.
  [/^57P0\d$/, 'connection-lost'],
  // Read-only: the old primary after a failover.
  [/^25006$/, 'connection-lost'],
  // Too many connections.
  [/^53\w{3}$/, 'connection-lost'],
  [/^(40001|40P01|55P03)$/, 'contention'],
];

/** Error codes of the drivers and of Node. */
const errorCodes: Readonly<Record<string, ErrorKind>> = {
  // Another transaction inserted the row after this one had looked for it: see `record-table.ts`.
  ER_DUP_ENTRY: 'contention',
  ER_LOCK_DEADLOCK: 'contention',
  ER_LOCK_WAIT_TIMEOUT: 'contention',
  ER_OPTION_PREVENTS_STATEMENT: 'connection-lost',
  ER_CON_COUNT_ERROR: 'connection-lost',
  ER_SERVER_SHUTDOWN: 'connection-lost',
  PROTOCOL_CONNECTION_LOST: 'connection-lost',
  PROTOCOL_SEQUENCE_TIMEOUT: 'connection-lost',
  ECONNREFUSED: 'connection-lost',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  ETIMEDOUT: 'connection-lost',
  EHOSTUNREACH: 'connection-lost',
  ENOTFOUND: 'connection-lost',
  EAI_AGAIN: 'connection-lost',
};

/** Driver messages without a code for a connection that ended or did not answer in time. */
const connectionLostMessages =
  /connection terminated|timed-out waiting to acquire database connection|timeout exceeded when trying to connect|query read timeout|connection is in closed state|not queryable|socket (hang up|disconnected)|packets out of order|driver has already been destroyed|cannot use a pool after/i;

const loginRefusedCodes = ['28000', '28P01', 'ER_ACCESS_DENIED_ERROR'];
const loginRefusedMessages = /IAM authentication failed|PAM authentication failed|has no credentials for the role/i;

/**
 * Whether a connection was refused because of its token, its user or a permission.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html
 */
export function isLoginRefused(error: unknown): boolean {
  return (
    error instanceof Error && (loginRefusedCodes.includes(codeOf(error)) || loginRefusedMessages.test(error.message))
  );
}

/** PostgreSQL ended a statement at `statement_timeout`. */
const statementTimeout = '57014';

/**
 * Classifies an error of the database.
 *
 * A statement timeout (57014, ER_QUERY_TIMEOUT) of a query is permanent: it waits for no row, so it is too slow by itself. An
 * insert is short, and waits for each row that another transaction holds: several waits, each below the limit of one, add up to
 * the limit of the statement.
 *
 * @param locksRows whether the work inserts
 */
export function classifyError(error: unknown, { locksRows = false } = {}): ErrorKind {
  if (!(error instanceof Error)) return 'permanent';
  const code = codeOf(error);
  if (locksRows && code === statementTimeout) return 'contention';
  if (errorCodes[code] !== undefined) return errorCodes[code];
  const known = sqlStates.find(([pattern]) => pattern.test(code));
  if (known !== undefined) return known[1];
  return connectionLostMessages.test(error.message) ? 'connection-lost' : 'permanent';
}

/** Name and code of an error; messages of a database may contain values and are not logged. */
export function loggableError(error: unknown): { name: string; code?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = codeOf(error);
  return { name: error.name, ...(code === '' ? {} : { code }) };
}

/** Returns the SQLSTATE or the error code of a driver or of Node; empty if there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
