/** Failure modes of a distributed system by their usual terms, each with what it means and the result required of an architecture. */
export const faultCatalog = {
  'duplicate-delivery': {
    term: 'duplicate delivery',
    explanation: 'the same message or event is delivered again',
    expected: 'it takes effect once',
  },
  'out-of-order': {
    term: 'out-of-order delivery',
    explanation: 'an older version arrives after a newer one',
    expected: 'the newer version stays',
  },
  'partial-batch-failure': {
    term: 'partial batch failure',
    explanation: 'some items of a batch fail',
    expected: 'only the failed items are retried',
  },
  'poison-message': {
    term: 'poison message',
    explanation: 'a message that can never be processed',
    expected: 'moved to a dead-letter queue, other messages are processed',
  },
  'killed-process': {
    term: 'process crash',
    explanation: 'SIGKILL during the work',
    expected: 'nothing is lost or duplicated',
  },
  'near-timeout': {
    term: 'function timeout',
    explanation: 'too little time is left for the work',
    expected: 'the function stops early and returns the rest',
  },
  throttling: {
    term: 'throttling',
    explanation: 'an AWS service answers 429 or 503',
    expected: 'bounded retries, nothing is lost',
  },
  'slow-dependency': {
    term: 'slow dependency',
    explanation: 'a service does not answer',
    expected: 'each call has a time limit, no invocation times out',
  },
  'dropped-connection': {
    term: 'dropped connection',
    explanation: 'a connection breaks before the request arrives',
    expected: 'the call is retried, nothing is lost',
  },
  'connection-loss': {
    term: 'database failover',
    explanation: 'the database goes away and comes back',
    expected: 'no acknowledged write is lost or duplicated',
  },
  'unknown-outcome': {
    term: 'lost response',
    explanation: 'a call takes effect and its response is lost',
    expected: 'it takes effect once',
  },
  'odd-keys': {
    term: 'special characters in keys',
    explanation: 'keys with spaces, Unicode, + or %',
    expected: 'decoded once and kept unchanged',
  },
  'bad-files': {
    term: 'malformed file',
    explanation: 'empty, truncated, or not the type that its name says',
    expected: 'rejected once, with a reason',
  },
  'hostile-formats': {
    term: 'hostile file format',
    explanation: 'SVG, polyglots, wrong extensions',
    expected: 'the type is detected from the content, output is always re-encoded',
  },
  'decompression-bomb': {
    term: 'decompression bomb',
    explanation: 'a small file that decodes to gigabytes',
    expected: 'rejected by its header',
  },
  recursion: {
    term: 'recursive invocation',
    explanation: 'output triggers the function that wrote it',
    expected: 'impossible by construction',
  },
  'huge-batch': {
    term: 'oversized batch',
    explanation: 'the largest input that an invocation can receive',
    expected: 'memory use is bounded',
  },
  'gone-before-read': {
    term: 'deleted before read',
    explanation: 'an object is deleted before the function reads it',
    expected: 'no error, no retry',
  },
  'changed-while-read': {
    term: 'concurrent modification',
    explanation: 'the source changes during the work',
    expected: 'the result names the version that was used',
  },
  'interrupted-run': {
    term: 'interrupted run',
    explanation: 'a long run is aborted',
    expected: 'the next run resumes it without a gap',
  },
  'damaged-copy': {
    term: 'data corruption',
    explanation: 'a byte of a copy changes',
    expected: 'detected, and the object is named',
  },
  injection: { term: 'SQL injection', explanation: 'SQL in every field', expected: 'stored and compared as text' },
  'malformed-input': {
    term: 'malformed input',
    explanation: 'input that does not match the schema',
    expected: 'rejected, and the error reveals no internals',
  },
  'reused-token': {
    term: 'token replay',
    explanation: 'a task token is reused, forged or expired',
    expected: 'the workflow continues once',
  },
} as const;

export type Fault = keyof typeof faultCatalog;

/** Position of an architecture on one fault. */
export type Answer =
  /** By the names of proofs in its scenario, or the files of tests; the note says what they verify. */
  | { readonly provedBy: readonly string[]; readonly note?: string }
  | { readonly notApplicable: string }
  | { readonly notProvableHere: string };

/** Default export of `scenarios/<slug>/fault-answers.ts`; every fault of the catalog is answered. */
export type FaultAnswers = Readonly<Record<Fault, Answer>>;
