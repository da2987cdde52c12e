import type { ReportedError } from './runtime-api';

/** Error of the runtime itself, with AWS's name for it. */
export class RuntimeFailure extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** Report of a thrown value to Lambda: name, message and stack of an error, type and text of any other value. */
export function reportOf(thrown: unknown): ReportedError {
  if (!isErrorLike(thrown)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  return {
    errorType: thrown.name,
    errorMessage: thrown.message,
    trace: typeof thrown.stack === 'string' ? thrown.stack.split('\n') : [],
  };
}

/** Fields that AWS's runtime logs for an error: its own properties beside type, message and stack. */
export function logFieldsOf(thrown: unknown): Record<string, unknown> {
  const { errorType, errorMessage, trace } = reportOf(thrown);
  const own = isErrorLike(thrown) ? ownFieldsOf(thrown) : {};
  return { errorType, errorMessage, ...own, stack: trace };
}

function ownFieldsOf(error: Error): Record<string, unknown> {
  const skipped = ['name', 'message', 'stack'];
  return Object.fromEntries(Object.entries(error).filter(([key]) => !skipped.includes(key)));
}

/** Also true for an error of another realm, which is not an instance of this realm's Error. */
function isErrorLike(value: unknown): value is Error {
  if (value instanceof Error) return true;
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value && 'stack' in value;
}
