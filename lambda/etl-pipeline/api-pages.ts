import * as z from 'zod/mini';
import { connectionFailure } from '../shared/error-names';
import { ApiBusyError, ApiRefusedError, CursorExpiredError } from './errors';
import { parseJson } from './json';

const parameter = z.string().check(z.regex(/^[\w.-]{1,64}$/, 'use letters, digits, _, . and -'));
const path = z.string().check(z.regex(/^[\w-]+(\.[\w-]+)*$/, "use names with dots between them, such as 'data.items'"));

/** Paging of an API whose answers are JSON objects with a list of records. */
export const pagingSchema = z.discriminatedUnion('style', [
  z.strictObject({
    style: z.literal('cursor'),
    /** Query parameter of the cursor. */
    parameter: z._default(parameter, 'cursor'),
    /** Places of the records and of the next cursor in an answer; without a next cursor, the page is the last. */
    items: z._default(path, 'items'),
    next: z._default(path, 'next'),
    /** Status with which the API says that it has forgotten a cursor. */
    expiredStatus: z._default(z.int().check(z.gte(400), z.lte(499)), 410),
  }),
  z.strictObject({
    style: z.literal('page'),
    /** Query parameter of the number. */
    parameter: z._default(parameter, 'page'),
    items: z._default(path, 'items'),
    /** Number of the first page; an empty page is the end. */
    first: z._default(z.int().check(z.gte(0)), 1),
  }),
]);

export interface Api {
  readonly url: string;
  readonly token: string;
  readonly paging: z.output<typeof pagingSchema>;
  readonly requestsPerSecond: number;
}

export interface ApiEffects {
  readonly fetch: typeof fetch;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Page {
  /** JSON of each record, with the digits of its numbers. */
  readonly items: readonly string[];
  /** Position of the next page; undefined after the last. */
  readonly next: string | undefined;
}

/** Attempts at a page, and the longest wait between two: together, less than what an invocation keeps in reserve. */
const attempts = 5;
const longestWait = 15_000;
const requestTimeout = 15_000;
const maximumPageBytes = 20_000_000;

/**
 * Makes a function that fetches the page at a position (undefined: the first), no more often than the API permits.
 *
 * It throws ApiBusyError once the API has asked for a longer wait or failed repeatedly, CursorExpiredError, or ApiRefusedError.
 * Messages have no part of an answer.
 */
export function createPageReader(api: Api, effects: ApiEffects): (position: string | undefined) => Promise<Page> {
  let nextRequestAt = 0;
  return async (position) => {
    for (let attempt = 1; ; attempt++) {
      await effects.sleep(Math.max(0, nextRequestAt - effects.now()));
      nextRequestAt = effects.now() + 1_000 / api.requestsPerSecond;
      const result = await request(api, position, effects);
      if ('items' in result) return result;
      const backoff = 500 * 2 ** attempt * (0.5 + effects.random() / 2);
      const wait = Math.max(backoff, result.retryAfter ?? 0);
      if (attempt === attempts || wait > longestWait) {
        throw new ApiBusyError(result.reason, effects.now() + Math.max(wait, longestWait));
      }
      await effects.sleep(wait);
    }
  };
}

interface Retry {
  readonly reason: string;
  /** Milliseconds that the API asked for. */
  readonly retryAfter?: number | undefined;
}

async function request(api: Api, position: string | undefined, { fetch, now }: ApiEffects): Promise<Page | Retry> {
  const { url, token, paging } = api;
  const at = new URL(url);
  const start = paging.style === 'page' ? String(paging.first) : undefined;
  const value = position ?? start;
  if (value !== undefined) at.searchParams.set(paging.parameter, value);
  let text: string;
  try {
    const response = await fetch(at, {
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      // The token is for this host alone: a redirection is refused with its status.
      redirect: 'manual',
      signal: AbortSignal.timeout(requestTimeout),
    });
    const { status } = response;
    if (!response.ok) {
      await response.body?.cancel();
      if (isTransient(status)) {
        return { reason: `status ${status}`, retryAfter: readRetryAfter(response.headers.get('retry-after'), now()) };
      }
      if (paging.style === 'cursor' && status === paging.expiredStatus && position !== undefined) {
        throw new CursorExpiredError(`status ${status} for a cursor`);
      }
      throw new ApiRefusedError(`the API answered with status ${status}`);
    }
    text = await readBody(response);
  } catch (error) {
    if (error instanceof CursorExpiredError || error instanceof ApiRefusedError) throw error;
    return { reason: connectionFailure(error) };
  }
  return readPage(text, value, paging);
}

/** Too early, too many requests, and all errors of the API itself. */
function isTransient(status: number): boolean {
  return [408, 425, 429].includes(status) || status >= 500;
}

/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const milliseconds = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

async function readBody({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maximumPageBytes) throw new ApiRefusedError(`a page has more than ${maximumPageBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function readPage(text: string, position: string | undefined, paging: Api['paging']): Page {
  let answer: unknown;
  try {
    answer = parseJson(text);
  } catch {
    throw new ApiRefusedError('an answer is not JSON');
  }
  const items = at(answer, paging.items);
  if (!Array.isArray(items)) throw new ApiRefusedError(`an answer has no list at '${paging.items}'`);
  const texts = items.map((item) => JSON.stringify(item));
  if (paging.style === 'page') {
    return { items: texts, next: items.length === 0 ? undefined : String(Number(position) + 1) };
  }
  const next = at(answer, paging.next) ?? '';
  const cursor = typeof next === 'string' ? next : JSON.stringify(next);
  if (cursor !== '' && cursor === position) throw new ApiRefusedError('a page names itself as the next one');
  return { items: texts, next: cursor === '' ? undefined : cursor };
}

function at(value: unknown, names: string): unknown {
  return names
    .split('.')
    .reduce<unknown>((one, name) => (isObject(one) && Object.hasOwn(one, name) ? one[name] : undefined), value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
