import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

// The bundler puts this module before each handler, instead of `--enable-source-maps`: with that option Node reads and
// indexes the map when a bundle loads, up to a quarter of that time; here the map is read with an error's first stack.

// The middleware of an SDK client alone is nine calls of the ten that Node keeps: the handler's own would be cut off.
Error.stackTraceLimit = 30;

const format = Error.prepareStackTrace.bind(Error) as (error: Error, calls: NodeJS.CallSite[]) => string;

Error.prepareStackTrace = (error, calls) => calls.reduce(withSource, format(error, calls));

/** Replaces the position of one call by that in the source, if the file has a map beside it. */
function withSource(stack: string, call: NodeJS.CallSite): string {
  const [file, line, column] = [call.getFileName(), call.getLineNumber(), call.getColumnNumber()];
  if (file == null || line === null || column === null) return stack;
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalSource' in entry)) return stack;
  const source = entry.originalSource.replace(/^(\.\.\/)+/, '');
  return stack.replace(`${file}:${line}:${column}`, `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
}

const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(`${file}.map`));
  return maps.get(file);
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as ConstructorParameters<typeof SourceMap>[0]);
  } catch {
    // The stack of the bundle is still worth more than an error about its map.
    return undefined;
  }
}
