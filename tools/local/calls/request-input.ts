import type { Request } from './call';
import type { Operation, ServiceModel } from './service-model';

/** Operation of a request with its input, as far as it can be read from the request. */
export interface OperationInput {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Members that cannot be read: the content of objects, and bodies in XML. */
  readonly unread: ReadonlySet<string>;
}

/** Reads a request's operation and input by the service's protocol; undefined where the model has no such operation. */
export function readInput(request: Request, model: ServiceModel): OperationInput | undefined {
  const target = headersOf(request).get('x-amz-target');
  if (target !== undefined) return named(target.replace(/^.*\./, ''), model, parse(request.body));
  if (model.protocol === 'query') return readForm(request, model);
  return readRest(request, model);
}

function named(operation: string, model: ServiceModel, input: Record<string, unknown>): OperationInput | undefined {
  return model.operations[operation] === undefined ? undefined : { operation, input, unread: new Set() };
}

/** Reads the members at the top of a form; lists and maps stay unread. */
function readForm({ body }: Request, model: ServiceModel): OperationInput | undefined {
  const form = new URLSearchParams(body);
  const operation = form.get('Action') ?? '';
  const described = model.operations[operation];
  if (described === undefined) return undefined;
  const members = Object.keys(membersOf(described, model));
  const nested = [...form.keys()].filter((key) => key.includes('.')).map((key) => key.replace(/\..*$/, ''));
  const input = Object.fromEntries([...form].filter(([key]) => members.includes(key)));
  return { operation, input, unread: new Set(nested) };
}

/** Reads the operation that a path, a query and required headers name, with the members in these and in a JSON body. */
function readRest(request: Request, model: ServiceModel): OperationInput | undefined {
  const url = new URL(request.path, 'https://service');
  const fits = Object.entries(model.operations)
    .filter(([, { method }]) => method === request.method)
    .flatMap(([operation, described]) => {
      const match = matchUri(described.uri, url);
      if (match === undefined) return [];
      const input = { ...match.labels, ...placedMembers(described, model, request, url) };
      const required = requiredPlaces(described, model);
      if (!required.every((name) => input[name] !== undefined)) return [];
      return [{ operation, described, input, weight: match.literals * 10 + required.length }];
    });
  const [best] = fits.sort((one, other) => other.weight - one.weight);
  if (best === undefined) return undefined;
  const { operation, described, input } = best;
  if (model.protocol === 'rest-json' && described.payload === undefined) {
    return { operation, input: { ...parse(request.body), ...input }, unread: new Set() };
  }
  const inBody = Object.entries(membersOf(described, model)).filter(([, { location }]) => location === undefined);
  return { operation, input, unread: new Set(inBody.map(([name]) => name)) };
}

function membersOf({ input }: Operation, model: ServiceModel) {
  return (input === undefined ? undefined : model.shapes[input]?.members) ?? {};
}

/** Required members outside the path and the body, which tell operations of one path apart: a copy needs its source. */
function requiredPlaces(operation: Operation, model: ServiceModel): string[] {
  const members = membersOf(operation, model);
  const required = operation.input === undefined ? [] : (model.shapes[operation.input]?.required ?? []);
  return required.filter((name) => ['header', 'querystring'].includes(members[name]?.location ?? ''));
}

/** Labels of a URI template such as `/{Bucket}/{Key+}?tagging`, and its literal query keys; undefined where it differs. */
function matchUri(template: string, url: URL): { labels: Record<string, string>; literals: number } | undefined {
  const [path = '', query = ''] = template.split('?');
  const literals = [...new URLSearchParams(query)];
  if (
    !literals.every(
      ([key, value]) => url.searchParams.has(key) && (value === '' || url.searchParams.get(key) === value),
    )
  ) {
    return undefined;
  }
  const names: string[] = [];
  const pattern = path.replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
    names.push(name);
    return greedy === '' ? '([^/]+)' : '(.+)';
  });
  const match = new RegExp(`^${pattern}/?$`).exec(url.pathname);
  if (match === null) return undefined;
  const labels = names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]);
  return { labels: Object.fromEntries(labels) as Record<string, string>, literals: literals.length };
}

function placedMembers(operation: Operation, model: ServiceModel, request: Request, url: URL): Record<string, unknown> {
  const headers = headersOf(request);
  const placed = Object.entries(membersOf(operation, model)).flatMap(([name, { location, locationName = name }]) => {
    if (location === 'header') return [[name, headers.get(locationName.toLowerCase())] as const];
    if (location === 'querystring') return [[name, url.searchParams.get(locationName) ?? undefined] as const];
    return [];
  });
  return Object.fromEntries(placed.filter(([, value]) => value !== undefined));
}

function headersOf({ headers }: Request): Map<string, string> {
  return new Map(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), String(value)]));
}

function parse(body: string): Record<string, unknown> {
  try {
    return (JSON.parse(body) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
