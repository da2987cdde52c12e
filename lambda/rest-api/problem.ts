import type { Problem } from './schemas';

/** Titles of the answers that are errors: the status phrases of RFC 9110 and RFC 6585. */
export const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type ErrorStatus = keyof typeof titles;

interface ProblemOptions {
  readonly errors?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Refusal of a request, as its caller sees it. The detail never repeats what was received. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: ErrorStatus;
  readonly options: ProblemOptions;

  constructor(status: ErrorStatus, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.status = status;
    this.options = options;
  }
}

/** The same answer whether a document does not exist or belongs to somebody else. */
export function notFound(): ProblemError {
  return new ProblemError(404, 'there is no such document');
}

/** Body of an error answer, as RFC 9457 describes it: `about:blank` says that the status has the whole meaning. */
export function problemBody({ status, message, options }: ProblemError, requestId: string): Problem {
  const { errors } = options;
  return {
    type: 'about:blank',
    title: titles[status],
    status,
    detail: message,
    ...(errors === undefined ? {} : { errors: [...errors] }),
    requestId,
  };
}
