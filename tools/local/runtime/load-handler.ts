import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeFailure } from './failure';

export type Handler = (event: unknown, context: object) => unknown;

/**
 * Loads the function that `_HANDLER` names, such as `index.handler`, from the function's folder.
 *
 * @throws RuntimeFailure with AWS's name for a missing file or export; otherwise the error that the file throws
 */
export async function loadHandler(folder: string, name: string): Promise<Handler> {
  const [, file = '', path = ''] = /^([^.]+)\.(.+)$/.exec(basename(name)) ?? [];
  if (file === '') throw new RuntimeFailure('Runtime.MalformedHandlerName', 'Bad handler');
  const loaded = await loadModule(folder, join(dirname(name), file));
  const handler = path
    .split('.')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], loaded);
  if (handler === undefined)
    throw new RuntimeFailure('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeFailure('Runtime.HandlerNotFound', `${name} is not a function`);
  if (handler.length > 2) {
    // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html, since Node.js 24.
    const reason = 'handlers with a callback are no longer supported from Node.js 24 on: return a promise instead';
    throw new RuntimeFailure('Runtime.CallbackHandlerDeprecated', reason);
  }
  return handler as Handler;
}

async function loadModule(folder: string, file: string): Promise<unknown> {
  const candidates = ['', '.js', '.mjs', '.cjs'].map((ending) => join(folder, `${file}${ending}`));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) {
    throw new RuntimeFailure('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  }
  try {
    if (found.endsWith('.mjs')) return await import(pathToFileURL(found).href);
    // Resolves from the function's folder, not from this bundle.
    return createRequire(join(folder, 'index.js'))(found) as unknown;
  } catch (error) {
    throw named(error);
  }
}

/** AWS has own names for a missing package and for a syntax error; other errors stay unchanged. */
function named(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const isMissing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  const name = isMissing ? 'Runtime.ImportModuleError' : 'Runtime.UserCodeSyntaxError';
  if (!isMissing && !(error instanceof SyntaxError)) return error;
  const failure = new RuntimeFailure(name, `${isMissing ? 'Error' : 'SyntaxError'}: ${error.message}`);
  if (error.stack !== undefined) failure.stack = error.stack;
  return failure;
}
