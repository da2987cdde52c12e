import type { ReportedError } from './runtime-api';

/** An error of the runtime itself, named as AWS names it. */
export class RuntimeFailure extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** What Lambda is told of a thrown value: an error's name, message and stack, or the type and text of anything else. */
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

/** The fields that AWS's runtime logs of an error: its own ones beside type, message and stack. */
export function logFieldsOf(thrown: unknown): Record<string, unknown> {
  const { errorType, errorMessage, trace } = reportOf(thrown);
  const own = isErrorLike(thrown) ? ownFieldsOf(thrown) : {};
  return { errorType, errorMessage, ...own, stack: trace };
}

function ownFieldsOf(error: Error): Record<string, unknown> {
  const skipped = ['name', 'message', 'stack'];
  return Object.fromEntries(Object.entries(error).filter(([key]) => !skipped.includes(key)));
}

/** An error of another realm is no instance of this one's Error. */
function isErrorLike(value: unknown): value is Error {
  if (value instanceof Error) return true;
  return typeof value === 'object' && value !== null && 'name' in value && 'message' in value && 'stack' in value;
}
