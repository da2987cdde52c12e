/** Pattern of a mapping's filter: an object whose leaves are lists of permitted values. */
export type EventFilter = Readonly<Record<string, unknown>>;

/** @throws Error for a comparison other than equality, `exists` and `prefix` */
export function filterOf(pattern: string): EventFilter {
  const filter = JSON.parse(pattern) as EventFilter;
  matches(filter, {});
  return filter;
}

/**
 * Whether an event matches a filter: all fields of the pattern, each by any of its values.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function matches(filter: EventFilter, event: unknown): boolean {
  return Object.entries(filter)
    .map(([key, expected]) => {
      const value = fieldOf(event, key);
      if (Array.isArray(expected)) return expected.map((one) => isPermitted(one, value)).includes(true);
      return matches(expected as EventFilter, value);
    })
    .every((isMatch) => isMatch);
}

function isPermitted(expected: unknown, value: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return value === expected;
  const [[comparison, operand] = ['', undefined], ...more] = Object.entries(expected);
  if (more.length === 0 && comparison === 'exists') return (value !== undefined) === operand;
  if (more.length === 0 && comparison === 'prefix')
    return typeof value === 'string' && value.startsWith(String(operand));
  throw new Error(`the local run's filters do not know ${JSON.stringify(expected)}: use values, exists or prefix`);
}

function fieldOf(event: unknown, key: string): unknown {
  return typeof event === 'object' && event !== null ? (event as Record<string, unknown>)[key] : undefined;
}
