import { createHash } from 'node:crypto';

/** Everything that decides what a document looks like. */
export interface RenderInput {
  readonly template: string;
  readonly version: number;
  /** Text of the template's file. */
  readonly source: string;
  /** Version of the browser, its fonts and the page's style. */
  readonly engine: string;
  readonly data: unknown;
}

/** Identity of a document: SHA-256 in hexadecimal over its input, whatever the order of the data's fields. */
export function renderHash(input: RenderInput): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(input)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, sorted(one)]));
}
