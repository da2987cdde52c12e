/** Thrown for input that a person or the state machine got wrong: no retry helps. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}

/** Thrown in a run that another run has replaced, so that it writes nothing more. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';
}

/** Thrown for an object whose metadata S3 does not return, so that a copy in parts could not be given it. */
export class UnreadableMetadataError extends Error {
  override readonly name = 'UnreadableMetadataError';
}

/** Thrown for an unexpected answer of S3; another attempt can succeed. */
export class StorageFailedError extends Error {
  override readonly name = 'StorageFailedError';
}
