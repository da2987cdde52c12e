import type { OperationInput } from './request-input';
import type { ServiceModel, Shape } from './service-model';

/**
 * Violations of an operation's input against the service's model, each in a line: missing required members, lengths, ranges,
 * patterns and enumerations. AWS refuses these requests; the emulator does not.
 */
export function checkInput({ operation, input, unread }: OperationInput, model: ServiceModel): string[] {
  const name = model.operations[operation]?.input;
  const shape = name === undefined ? undefined : model.shapes[name];
  if (shape === undefined) return [];
  const required = (shape.required ?? []).filter((member) => !unread.has(member));
  return structure(input, { ...shape, required }, '', model);
}

function check(value: unknown, name: string, path: string, model: ServiceModel): string[] {
  const shape = model.shapes[name];
  if (shape === undefined || value === undefined || value === null) return [];
  switch (shape.type) {
    case 'structure':
      return typeof value === 'object' ? structure(value as Record<string, unknown>, shape, path, model) : [];
    case 'list':
      return Array.isArray(value) ? list(value as unknown[], shape, path, model) : [];
    case 'map':
      return typeof value === 'object' ? map(value as Record<string, unknown>, shape, path, model) : [];
    case 'string':
      return typeof value === 'string' ? text(value, shape, path) : [];
    case 'integer':
    case 'long':
    case 'double':
    case 'float':
      return outOf(Number(value), shape, path, 'value');
    default:
      return [];
  }
}

function structure(value: Record<string, unknown>, shape: Shape, path: string, model: ServiceModel): string[] {
  const missing = (shape.required ?? []).filter((name) => value[name] === undefined || value[name] === null);
  const members = Object.entries(shape.members ?? {});
  return [
    ...missing.map((name) => `${at(path, name)} is missing`),
    ...members.flatMap(([name, member]) => check(value[name], member.shape, at(path, name), model)),
  ];
}

function list(value: readonly unknown[], shape: Shape, path: string, model: ServiceModel): string[] {
  const { member } = shape;
  const items =
    member === undefined ? [] : value.flatMap((item, index) => check(item, member.shape, `${path}[${index}]`, model));
  return [...outOf(value.length, shape, path, 'number of items'), ...items];
}

function map(value: Record<string, unknown>, shape: Shape, path: string, model: ServiceModel): string[] {
  const { value: member } = shape;
  const entries = Object.entries(value);
  const values =
    member === undefined ? [] : entries.flatMap(([key, item]) => check(item, member.shape, at(path, key), model));
  return [...outOf(entries.length, shape, path, 'number of entries'), ...values];
}

function text(value: string, shape: Shape, path: string): string[] {
  const wrong = outOf(Array.from(value).length, shape, path, 'length');
  if (shape.enum !== undefined && !shape.enum.includes(value))
    wrong.push(`${path} is none of ${shape.enum.join(', ')}`);
  const pattern = shape.pattern === undefined ? undefined : compiled(shape.pattern);
  if (pattern !== undefined && !pattern.test(value)) wrong.push(`${path} does not match ${shape.pattern}`);
  return wrong;
}

function outOf(value: number, { min, max }: Shape, path: string, what: string): string[] {
  if (min !== undefined && value < min) return [`${path}: ${what} ${value} is below ${min}`];
  if (max !== undefined && value > max) return [`${path}: ${what} ${value} is above ${max}`];
  return [];
}

/** AWS's patterns are Java's and match a whole value; one that JavaScript does not take is not checked. */
function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'su');
  } catch {
    return undefined;
  }
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
