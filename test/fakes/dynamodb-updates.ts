import { ExpressionReader, invalid, type Substitutions } from './dynamodb-expressions';
import { addDecimals, isEqual, type Item, type Path, type Value } from './dynamodb-values';

interface Change {
  readonly path: Path;
  /** Undefined removes. */
  readonly value: Value | undefined;
}

/** The item after an update expression; every operand is read before anything is written. */
export function applyUpdate(expression: string, item: Item, from: Substitutions): Item {
  const reader = new ExpressionReader('UpdateExpression', expression, item, from);
  const changes: Change[] = [];
  const clauses = new Set<string>();
  while (!reader.done()) {
    const clause = reader.takes('SET', 'REMOVE', 'ADD', 'DELETE');
    if (clause === undefined) throw reader.syntaxError();
    if (clauses.has(clause)) throw invalid(`Invalid UpdateExpression: The "${clause}" section can only be used once`);
    clauses.add(clause);
    changes.push(...reader.list(() => readChange(clause, reader)));
  }
  refuseOverlaps(changes.map(({ path }) => path));
  // Elements of a list are removed from its end, so that the indexes before them still hold.
  const removals = changes.filter(({ value }) => value === undefined).toReversed();
  const writes = changes.filter(({ value }) => value !== undefined);
  return [...writes, ...removals].reduce(
    (before, { path, value }) => written({ M: before }, path, value).M ?? {},
    item,
  );
}

function readChange(clause: string, reader: ExpressionReader): Change {
  const path = reader.path();
  if (clause === 'REMOVE') return { path, value: undefined };
  if (clause === 'SET') {
    reader.expect('=');
    return { path, value: sum(reader) };
  }
  const operand = reader.placeholder();
  if (operand === undefined) throw reader.syntaxError();
  const there = reader.read(path);
  return { path, value: clause === 'ADD' ? added(there, operand) : without(there, operand) };
}

function sum(reader: ExpressionReader): Value {
  const first = operandOf(reader);
  const sign = reader.takes('+', '-');
  if (sign === undefined) return first;
  const second = operandOf(reader);
  if (first.N === undefined || second.N === undefined) throw wrongType(sign);
  return { N: addDecimals(first.N, second.N, sign === '+' ? 1 : -1) };
}

function operandOf(reader: ExpressionReader): Value {
  const alternative = reader.call('if_not_exists', () => {
    const there = reader.read(reader.path());
    reader.expect(',');
    const otherwise = operandOf(reader);
    return there ?? otherwise;
  });
  const appended = reader.call('list_append', () => {
    const first = operandOf(reader);
    reader.expect(',');
    const second = operandOf(reader);
    if (first.L === undefined || second.L === undefined) throw wrongType('list_append');
    return { L: [...first.L, ...second.L] };
  });
  const value = alternative ?? appended ?? reader.placeholder() ?? reader.read(reader.path());
  if (value === undefined) {
    throw invalid('The provided expression refers to an attribute that does not exist in the item');
  }
  return value;
}

function wrongType(operator: string): Error {
  return invalid(`An operand in the update expression has an incorrect data type: operator or function: ${operator}`);
}

function setOf(value: Value): readonly ['SS' | 'NS' | 'BS', readonly string[]] | undefined {
  const type = (['SS', 'NS', 'BS'] as const).find((one) => value[one] !== undefined);
  return type === undefined ? undefined : [type, value[type] ?? []];
}

function added(there: Value | undefined, operand: Value): Value {
  if (operand.N !== undefined) {
    if (there !== undefined && there.N === undefined) throw wrongType('ADD');
    return { N: addDecimals(there?.N ?? '0', operand.N) };
  }
  const more = setOf(operand);
  const before = there === undefined ? undefined : setOf(there);
  if (more === undefined || (there !== undefined && before?.[0] !== more[0])) throw wrongType('ADD');
  return { [more[0]]: [...new Set([...(before?.[1] ?? []), ...more[1]])] };
}

/** A set without some elements; one that is empty is removed. */
function without(there: Value | undefined, operand: Value): Value | undefined {
  const less = setOf(operand);
  const before = there === undefined ? undefined : setOf(there);
  if (less === undefined || (there !== undefined && before?.[0] !== less[0])) throw wrongType('DELETE');
  const left = (before?.[1] ?? []).filter((one) => !less[1].includes(one));
  return left.length === 0 ? undefined : { [less[0]]: left };
}

function written(at: Value, [part, ...rest]: Path, value: Value | undefined): Value {
  if (typeof part === 'number' && at.L !== undefined) {
    const there = at.L[part];
    if (rest.length > 0 && there === undefined) throw invalidPath();
    const next = rest.length > 0 && there !== undefined ? written(there, rest, value) : value;
    const list = [...at.L];
    // Beyond the end it is appended.
    list.splice(part, 1, ...(next === undefined ? [] : [next]));
    return { L: list };
  }
  if (typeof part !== 'string' || at.M === undefined) throw invalidPath();
  const { [part]: there, ...others } = at.M;
  if (rest.length === 0) return { M: value === undefined ? others : { ...others, [part]: value } };
  if (there === undefined) throw invalidPath();
  return { M: { ...others, [part]: written(there, rest, value) } };
}

function invalidPath(): Error {
  return invalid('The document path provided in the update expression is invalid for update');
}

function refuseOverlaps(paths: readonly Path[]): void {
  for (const [index, one] of paths.entries()) {
    for (const other of paths.slice(index + 1)) {
      const shared = Math.min(one.length, other.length);
      if (one.slice(0, shared).every((part, at) => part === other[at])) {
        throw invalid('Invalid UpdateExpression: Two document paths overlap with each other');
      }
    }
  }
}

/** @throws Refusal where an update would change the key of its item */
export function requireSameKey(before: Item, after: Item, key: readonly string[]): void {
  for (const name of key) {
    const [was, is] = [before[name], after[name]];
    if (was === undefined || is === undefined || !isEqual(was, is)) {
      throw invalid(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
}
