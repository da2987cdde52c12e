/** What goes wrong in a distributed system, sooner or later, and what must be true then. */
export const catalogue = {
  'duplicate-delivery': { fault: 'the same thing delivered again', expected: 'one effect' },
  'out-of-order': { fault: 'an older version after a newer one', expected: 'the newer one stands' },
  'partial-batch-failure': { fault: 'some of a batch fail', expected: 'only those come back' },
  'poison-message': { fault: 'a message that can never be handled', expected: 'set aside; its neighbours pass' },
  'killed-process': { fault: 'SIGKILL in the middle of the work', expected: 'nothing lost, nothing duplicated' },
  'near-timeout': { fault: 'too little time is left', expected: 'it stops early and hands back the rest' },
  throttling: { fault: 'AWS answers 429 or 503', expected: 'bounded repeats, nothing lost' },
  'slow-dependency': {
    fault: 'a service does not answer',
    expected: 'a limit for each call; no invocation is cut off',
  },
  'dropped-connection': {
    fault: 'a connection breaks before the call got through',
    expected: 'called again, nothing lost',
  },
  'connection-loss': {
    fault: 'the database goes away and comes back',
    expected: 'no acknowledged write lost or duplicated',
  },
  'unknown-outcome': { fault: 'a call took effect and its answer was lost', expected: 'it takes effect once' },
  'odd-keys': { fault: 'keys with spaces, unicode, +, %', expected: 'decoded once, kept as they are' },
  'bad-files': { fault: 'empty, cut off, or not what the name says', expected: 'rejected once, with a reason' },
  'hostile-formats': { fault: 'SVG, polyglots, wrong extensions', expected: 'judged by content, always encoded anew' },
  'decompression-bomb': { fault: 'a small file that decodes to gigabytes', expected: 'rejected from its header' },
  recursion: { fault: 'output that triggers its own input', expected: 'impossible by construction' },
  'huge-batch': { fault: 'as much as an invocation can hold', expected: 'bounded memory' },
  'gone-before-read': { fault: 'an object is deleted before it is read', expected: 'no error, no retry' },
  'changed-while-read': { fault: 'the source changes meanwhile', expected: 'what was done names its version' },
  'interrupted-run': { fault: 'a long run is cut off', expected: 'it goes on without a gap' },
  'damaged-copy': { fault: 'a byte of a copy flips', expected: 'found, and named' },
  injection: { fault: 'SQL in every field', expected: 'it stays text' },
  'malformed-input': { fault: 'input that is no input', expected: 'refused, no internals told' },
  'reused-token': { fault: 'a token reused, forged, expired', expected: 'the workflow moves once' },
} as const;

export type Fault = keyof typeof catalogue;

/** How an architecture stands to a fault. */
export type Answer =
  /** By proofs of its scenario, by their names, or by tests, by their files; with what is looked at. */
  | { readonly provedBy: readonly string[]; readonly note?: string }
  | { readonly notApplicable: string }
  | { readonly notProvableHere: string };

/** The default export of `scenarios/<slug>/fault-answers.ts`: none may be left out. */
export type FaultAnswers = Readonly<Record<Fault, Answer>>;
