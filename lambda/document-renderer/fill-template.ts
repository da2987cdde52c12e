import { RenderRefusedError } from './render-errors';

/** Notation of a value that a template inserts. */
export type Insert = (value: string, kind: 'text' | 'markdown') => string;

type Node =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'text' | 'markdown'; readonly path: string }
  | { readonly kind: 'each' | 'if'; readonly path: string; readonly body: readonly Node[] };

/** `{{name}}`, `{{markdown name}}`, `{{#each name}} … {{/each}}`, `{{#if name}} … {{/if}}`. */
const tag = /\{\{\s*(?:(markdown)\s+|#(each|if)\s+|\/(each|if)\s*)?([\w.]*)\s*\}\}/g;

/**
 * Returns a template with its data inserted. Names are looked up in the current item first, then outside of it; only own
 * fields of the data count, and what is inserted is never read as a template again.
 *
 * @throws RenderRefusedError `data-incomplete`, which names the field that is missing or of the wrong kind
 */
export function fillTemplate(source: string, data: Readonly<Record<string, unknown>>, insert: Insert): string {
  return write(parse(source), [data], insert);
}

function parse(source: string): readonly Node[] {
  const open: { kind: 'each' | 'if'; path: string; body: Node[] }[] = [];
  const root: Node[] = [];
  const body = (): Node[] => open.at(-1)?.body ?? root;
  let end = 0;
  for (const match of source.matchAll(tag)) {
    const [whole, markdown, opening, closing, path = ''] = match;
    body().push({ kind: 'literal', text: source.slice(end, match.index) });
    end = match.index + whole.length;
    if (opening === 'each' || opening === 'if') open.push({ kind: opening, path, body: [] });
    else if (closing !== undefined) {
      const closed = open.pop();
      if (closed?.kind !== closing) throw new Error(`the template closes {{/${closing}}} without opening it`);
      body().push(closed);
    } else body().push({ kind: markdown === undefined ? 'text' : 'markdown', path });
  }
  if (open.length > 0) throw new Error(`the template does not close {{#${open.at(-1)?.kind ?? ''}}}`);
  return [...root, { kind: 'literal', text: source.slice(end) }];
}

type Scope = readonly unknown[];

function write(nodes: readonly Node[], scope: Scope, insert: Insert): string {
  return nodes
    .map((node) => {
      if (node.kind === 'literal') return node.text;
      const value = lookUp(node.path, scope);
      switch (node.kind) {
        case 'each':
          if (!Array.isArray(value)) throw incomplete(node.path, 'a list');
          return value.map((item: unknown) => write(node.body, [item, ...scope], insert)).join('');
        case 'if':
          return isGiven(value) ? write(node.body, scope, insert) : '';
        default:
          return insert(textOf(value, node.path), node.kind);
      }
    })
    .join('');
}

function lookUp(path: string, scope: Scope): unknown {
  const [first = '', ...others] = path.split('.');
  const holder = scope.find((one) => has(one, first));
  return others.reduce<unknown>((value, name) => (has(value, name) ? value[name] : undefined), fieldOf(holder, first));
}

function has(value: unknown, name: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function fieldOf(holder: unknown, name: string): unknown {
  return has(holder, name) ? holder[name] : undefined;
}

function isGiven(value: unknown): boolean {
  return (
    value !== undefined &&
    value !== null &&
    value !== false &&
    value !== '' &&
    !(Array.isArray(value) && value.length === 0)
  );
}

function textOf(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw incomplete(path, 'a text, a number, true or false');
}

function incomplete(path: string, expected: string): RenderRefusedError {
  return new RenderRefusedError('data-incomplete', `the template needs ${expected} at ${path}`);
}
