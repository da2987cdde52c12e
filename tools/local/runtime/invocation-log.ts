import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '../calls/call';
import { faultFolderVariable } from '../faults/fault-folder';
import { invocationsFolder, type InvocationError, type InvocationEvent, type Trigger } from '../invocations/events';
import type { Invocation } from './runtime-api';
import { reportOf } from './failure';

const keptLines = 40;

/** Records the invocations of this process for the local run; records nothing where no local run has started it. */
export class InvocationLog {
  private readonly file: string | undefined;
  private current: { readonly id: string; readonly startedAt: number } | undefined;
  private lines: string[] = [];
  private isCold = true;

  constructor(environment: NodeJS.ProcessEnv) {
    const folder = environment[faultFolderVariable];
    const functionName = environment['AWS_LAMBDA_FUNCTION_NAME'];
    if (folder === undefined || functionName === undefined) return;
    mkdirSync(invocationsFolder(folder, functionName), { recursive: true });
    this.file = join(invocationsFolder(folder, functionName), `${process.pid}.jsonl`);
    this.keepOutput(process.stdout);
    process.on('exit', (code) => {
      const message = `process exited with code ${code} during the invocation`;
      if (this.current !== undefined) this.end({ type: 'Runtime.ExitError', message });
    });
  }

  begin({ requestId: id, deadlineMilliseconds: deadline, event }: Invocation): void {
    const time = Date.now();
    this.current = { id, startedAt: time };
    this.lines = [];
    this.write({ event: 'begin', id, time, deadline, coldStart: this.isCold, trigger: triggerOf(event) });
    this.isCold = false;
  }

  succeed(json: string): void {
    this.end(/"batchItemFailures":\[\{/.test(json) ? this.loggedError() : undefined);
  }

  fail(thrown: unknown): void {
    this.end(invocationError(thrown));
  }

  failInit(thrown: unknown): void {
    this.write({ event: 'init-failed', time: Date.now(), error: invocationError(thrown), lines: this.lines });
  }

  denied(call: Call): void {
    this.write({ event: 'denied', time: Date.now(), call });
  }

  private end(error: InvocationError | undefined): void {
    if (this.current === undefined) return;
    const { id, startedAt } = this.current;
    this.current = undefined;
    const [time, memoryMegabytes] = [Date.now(), Math.ceil(process.resourceUsage().maxRSS / 1024)];
    const failure = error === undefined ? {} : { error, lines: this.lines };
    this.write({ event: 'end', id, time, milliseconds: time - startedAt, memoryMegabytes, ...failure });
  }

  private write(event: InvocationEvent): void {
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(event)}\n`);
  }

  private keepOutput(stream: NodeJS.WriteStream): void {
    const write = stream.write.bind(stream) as (...values: unknown[]) => boolean;
    stream.write = (...values: unknown[]): boolean => {
      this.lines.push(...String(values[0]).trimEnd().split('\n'));
      this.lines.splice(0, this.lines.length - keptLines);
      return write(...values);
    };
  }

  /** Without a logged error the function returns batch items on purpose, for another delivery. */
  private loggedError(): InvocationError | undefined {
    return this.lines.flatMap((line) => errorIn(line) ?? []).at(-1);
  }
}

interface LogLine {
  readonly level?: string;
  readonly message?: unknown;
  readonly error?: Partial<Error>;
  readonly errorName?: string;
  readonly errorMessage?: string;
}

/** Error of a JSON log line as Powertools writes it. */
function errorIn(line: string): InvocationError | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level, message, error, errorName, errorMessage } = JSON.parse(line) as LogLine;
    if (level !== 'ERROR' && level !== 'WARN') return undefined;
    if (error?.name !== undefined) {
      return { type: error.name, message: error.message ?? '', ...positionIn(error.stack ?? '') };
    }
    return { type: errorName ?? 'Error', message: errorMessage ?? String(message) };
  } catch {
    return undefined;
  }
}

function invocationError(thrown: unknown): InvocationError {
  const { errorType: type, errorMessage: message, trace } = reportOf(thrown);
  return { type, message, ...positionIn(trace.join('\n')) };
}

/** First frame of a source-mapped stack that is in the architecture's own code, or in shared code where there is none. */
function positionIn(stack: string): { at?: string } {
  const frames = [...stack.matchAll(/\b(lambda\/[\w./-]+\.ts:\d+)/g)].map(([frame]) => frame);
  const at = frames.find((frame) => !frame.startsWith('lambda/shared/')) ?? frames[0];
  return at === undefined ? {} : { at };
}

function triggerOf(json: string): Trigger {
  const event = JSON.parse(json) as Event | null;
  const records: readonly EventRecord[] = Array.isArray(event?.Records) ? (event.Records as EventRecord[]) : [];
  const sent = sentOf(event, records);
  if (records[0]?.eventSource === 'aws:sqs') {
    const counts = records.map(({ attributes }) => Number(attributes?.ApproximateReceiveCount));
    return { kind: 'sqs', receiveCount: Math.max(...counts), ...sent };
  }
  const isAsync = ['aws:s3', 'aws:sns'].includes(records[0]?.eventSource ?? records[0]?.EventSource ?? '');
  if (!isAsync && event?.['detail-type'] === undefined) return { kind: 'direct' };
  return { kind: 'async', hash: createHash('sha1').update(json).digest('hex'), ...sent };
}

/** Event of a service, as far as it decides about retries; anything may call itself so. */
interface Event {
  readonly 'detail-type'?: unknown;
  readonly time?: string;
  readonly Records?: readonly EventRecord[];
}

interface EventRecord {
  readonly eventSource?: string;
  readonly EventSource?: string;
  readonly eventTime?: string;
  readonly Sns?: { readonly Timestamp?: string };
  readonly attributes?: { readonly ApproximateReceiveCount?: string; readonly SentTimestamp?: string };
}

function sentOf(event: Event | null, records: readonly EventRecord[]): { sent?: number } {
  const times = [
    Date.parse(event?.time ?? ''),
    ...records.flatMap(({ eventTime, Sns, attributes }) => [
      Date.parse(eventTime ?? Sns?.Timestamp ?? ''),
      Number(attributes?.SentTimestamp ?? Number.NaN),
    ]),
  ].filter((time) => Number.isFinite(time));
  return times.length === 0 ? {} : { sent: Math.max(...times) };
}
