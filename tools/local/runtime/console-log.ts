import { format } from 'node:util';
import { logFieldsOf } from './failure';

/** By severity, ascending; a function's log level filters in the JSON format only. */
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
type Level = (typeof levels)[number];

export interface ConsoleSettings {
  /** `JSON` or `Text`. */
  readonly format: string;
  readonly level: string | undefined;
  /** Id of the current invocation, if any. */
  readonly requestId: () => string | undefined;
  readonly write: (line: string) => void;
  readonly now: () => Date;
}

/** Makes `console` write the format of AWS's Node runtime: tab-separated lines, or JSON objects with JSON logging. */
export function patchConsole(target: Console, settings: ConsoleSettings): void {
  const log =
    (level: Level) =>
    (...values: unknown[]) => {
      if (isHidden(level, settings)) return;
      settings.write(
        settings.format === 'JSON' ? jsonLine(level, values, settings) : textLine(level, values, settings),
      );
    };
  target.trace = log('TRACE');
  target.debug = log('DEBUG');
  target.log = log('INFO');
  target.info = log('INFO');
  target.warn = log('WARN');
  target.error = log('ERROR');
}

/** Line that the runtime logs for a failed invocation. */
export function failureLine(title: string, thrown: unknown, settings: ConsoleSettings): string {
  const fields = logFieldsOf(thrown);
  if (settings.format !== 'JSON') return textLine('ERROR', [`${title} `, safeJson(fields)], settings, '\t');
  const { stack, ...rest } = fields;
  return jsonLine('ERROR', [{ ...rest, stackTrace: stack }], settings);
}

function isHidden(level: Level, settings: ConsoleSettings): boolean {
  if (settings.format !== 'JSON') return false;
  return levels.indexOf(level) < levels.indexOf((settings.level ?? 'INFO').toUpperCase() as Level);
}

function textLine(level: Level, values: unknown[], settings: ConsoleSettings, between?: string): string {
  const message = between === undefined ? format(...values) : values.join(between);
  const fields = [settings.now().toISOString(), settings.requestId() ?? 'undefined', level, message];
  // One line is one log event, so line ends are replaced.
  return `${fields.join('\t').replaceAll('\n', '\r')}\n`;
}

function jsonLine(level: Level, values: unknown[], settings: ConsoleSettings): string {
  const head = { timestamp: settings.now().toISOString(), level, requestId: settings.requestId() };
  const [only] = values;
  if (values.length === 1)
    return `${safeJson({ ...head, message: only }) ?? safeJson({ ...head, message: format(only) })}\n`;
  const error = values.find((value) => value instanceof Error);
  const fields = error === undefined ? {} : errorFields(error);
  return `${safeJson({ ...head, message: format(...values), ...fields })}\n`;
}

function errorFields(error: Error): Record<string, unknown> {
  const { errorType, errorMessage, stack } = logFieldsOf(error);
  return { errorType, errorMessage, stackTrace: stack };
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, one: unknown) => {
      if (one instanceof Error) return logFieldsOf(one);
      return typeof one === 'bigint' ? one.toString() : one;
    });
  } catch {
    return undefined; // Circular, for example.
  }
}
