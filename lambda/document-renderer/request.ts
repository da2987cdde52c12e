import * as z from 'zod/mini';
import { invalidPaths } from '../shared/input-issues';
import { RenderRefusedError } from './render-errors';

/** Prefix of the objects in the input bucket that a request may name. */
export const dataPrefix = 'data/';

const common = {
  requestId: z.string().check(z.regex(/^[\w.-]{1,128}$/, 'use 1 to 128 of A-Z a-z 0-9 _ . -')),
  template: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/, 'use the name of a template')),
  version: z.int().check(z.positive(), z.maximum(9_999)),
};

const requestSchema = z.union([
  z.strictObject({ ...common, data: z.record(z.string(), z.unknown()) }),
  z.strictObject({
    ...common,
    dataKey: z
      .string()
      .check(z.startsWith(dataPrefix))
      .check(z.refine((key) => Buffer.byteLength(key) <= 1_024, 'use at most 1,024 bytes')),
  }),
]);

/** Document to render: a template of the project with data, inline or as an object of the input bucket. */
export type RenderRequest = z.output<typeof requestSchema>;

/** @throws RenderRefusedError `malformed`, which names the wrong fields */
export function parseRequest(body: string): RenderRequest {
  const request = requestSchema.safeParse(parseJson(body));
  if (request.success) return request.data;
  throw new RenderRefusedError(
    'malformed',
    `wrong at ${invalidPaths(request.error, 'the whole').slice(0, 5).join(', ')}`,
  );
}

/**
 * Parses the data of a request.
 *
 * @throws RenderRefusedError `data-not-json`
 */
export function parseData(text: string): Readonly<Record<string, unknown>> {
  const data = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
  if (data.success) return data.data;
  throw new RenderRefusedError('data-not-json', 'the object must hold a JSON object');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
