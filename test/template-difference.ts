type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Difference between two templates, for a snapshot that a person reviews: `+` before a key that only the other has, with its
 * value, `-` before one that only the base has, with its type or value, `~` before a value that changed. Equal keys are left
 * out. Arrays of one length are compared item by item; of others, `+` and `-` hold the items that came and went.
 */
export function differenceFrom(base: unknown, other: unknown): Record<string, unknown> {
  const [before, after] = [entriesOf(base), entriesOf(other)];
  const difference: Record<string, unknown> = {};
  for (const [key, value] of before) if (!after.has(key)) difference[`- ${key}`] = typeOf(value) ?? value;
  for (const [key, value] of after) {
    const old = before.get(key);
    if (old === undefined) difference[`+ ${key}`] = value;
    else if (!areEqual(old, value)) Object.assign(difference, changed(key, old, value));
  }
  return difference;
}

function changed(key: string, old: Json, value: Json): Record<string, unknown> {
  if (Array.isArray(old) && Array.isArray(value) && old.length !== value.length) {
    return { [key]: { '-': without(old, value), '+': without(value, old) } };
  }
  if (areAlike(old, value)) return { [key]: differenceFrom(old, value) };
  const isShort = !isObject(old) && !isObject(value);
  return { [`~ ${key}`]: isShort ? `${String(old)} -> ${String(value)}` : { from: old, to: value } };
}

function entriesOf(value: unknown): Map<string, Json> {
  return new Map(Object.entries(value as Record<string, Json>));
}

/** The type of a resource: a resource that is gone needs no more said. */
function typeOf(value: Json): string | undefined {
  const type = isObject(value) && !Array.isArray(value) ? (value as { Type?: unknown }).Type : undefined;
  return typeof type === 'string' ? type : undefined;
}

function without(items: readonly Json[], others: readonly Json[]): Json[] {
  return items.filter((item) => !others.some((other) => areEqual(item, other)));
}

function areEqual(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** An intrinsic function in the place of another is a changed value, not a changed part of one. */
function areAlike(one: Json, other: Json): boolean {
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  return !isIntrinsic(one) && !isIntrinsic(other);
}

function isObject(value: Json): value is Exclude<Json, null | boolean | number | string> {
  return typeof value === 'object' && value !== null;
}

function isIntrinsic(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && /^(Ref|Fn::\w+)$/.test(keys[0] ?? '');
}
