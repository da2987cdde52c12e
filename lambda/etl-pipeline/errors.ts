/** The file as a whole cannot be processed, and no retry helps: it goes to quarantine with this reason. */
export class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError';
}

/** Rows do not add up: thrown rather than reporting counts that are wrong. */
export class AccountingError extends Error {
  override readonly name = 'AccountingError';
}

/** Another execution writes the same row again and again; a later attempt finds it quiet. */
export class ContendedRowError extends Error {
  override readonly name = 'ContendedRowError';
}

/** The API throttles or fails: it is not called before `retryAt`, and the run goes on then. */
export class ApiBusyError extends Error {
  override readonly name = 'ApiBusyError';

  constructor(
    message: string,
    /** In milliseconds since 1970. */
    readonly retryAt: number,
  ) {
    super(message);
  }
}

/** The API has forgotten the cursor. */
export class CursorExpiredError extends Error {
  override readonly name = 'CursorExpiredError';
}

/** The API refuses the request, or its answer has another form: a person has to look at it. */
export class ApiRefusedError extends Error {
  override readonly name = 'ApiRefusedError';
}

/** Another invocation has written the state meanwhile. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}
