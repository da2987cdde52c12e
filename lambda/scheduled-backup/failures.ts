/** Thrown for input that the state machine or a person got wrong: no retry helps. */
export class UnusableRequest extends Error {
  override readonly name = 'UnusableRequest';
}

/** Thrown by a run that another one has taken over from, so that it writes nothing more. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** Thrown near the end of an invocation whose work is not done: what is done is kept, and the next attempt goes on. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** Thrown where S3 answered, but not with what was asked for; another attempt can succeed. */
export class StorageFailed extends Error {
  override readonly name = 'StorageFailed';
}
