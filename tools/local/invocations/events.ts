import { join } from 'node:path';
import type { Call } from '../calls/call';

/** Lines of JSON that the runtime appends to a file per execution environment, one for each event of an invocation. */
export type InvocationEvent = Begin | End | InitFailure | Denied | Killed;

interface Begin {
  readonly event: 'begin';
  /** Request id of the invocation. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly deadline: number;
  readonly coldStart: boolean;
  readonly trigger: Trigger;
}

/** Source of an invocation, as far as it decides about retries; `sent` is the newest time in the event, where it has one. */
export type Trigger =
  /** Retried by Lambda; attempts of one event have the same hash. */
  | { readonly kind: 'async'; readonly hash: string; readonly sent?: number }
  | { readonly kind: 'sqs'; readonly receiveCount: number; readonly sent?: number }
  /** The caller receives the error. */
  | { readonly kind: 'direct' };

interface End {
  readonly event: 'end';
  readonly id: string;
  readonly time: number;
  readonly milliseconds: number;
  readonly memoryMegabytes: number;
  /** Absent after a success. For a response with failed batch items, the last error that the function logged, if any. */
  readonly error?: InvocationError;
  /** Last log lines of a failed invocation. */
  readonly lines?: readonly string[];
}

interface InitFailure {
  readonly event: 'init-failed';
  readonly time: number;
  readonly error: InvocationError;
  readonly lines: readonly string[];
}

interface Denied {
  readonly event: 'denied';
  readonly time: number;
  readonly call: Call;
}

/** Written by the fault injection. */
interface Killed {
  readonly event: 'killed';
  readonly time: number;
}

export interface InvocationError {
  readonly type: string;
  readonly message: string;
  /** Position in the sources, such as `lambda/image-resize/resize-image.ts:24`. */
  readonly at?: string;
}

/** Folder with one file per execution environment of a function. */
export function invocationsFolder(folder: string, functionName: string): string {
  return join(folder, functionName, 'invocations');
}
