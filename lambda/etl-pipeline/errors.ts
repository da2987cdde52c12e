/** The file as a whole cannot be processed, and no retry helps: it goes to quarantine with this reason. */
export class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError';
}

/** Rows do not add up: thrown rather than reporting counts that are wrong. */
export class AccountingError extends Error {
  override readonly name = 'AccountingError';
}

/** Input of a step that is not what the state machine sends. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
}

/** Another execution writes the same row again and again; a later attempt finds it quiet. */
export class ContendedRowError extends Error {
  override readonly name = 'ContendedRowError';
}
