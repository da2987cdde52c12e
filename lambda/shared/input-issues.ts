import type * as z from 'zod/mini';

type Issue = z.core.$ZodIssue;

/** Message of `zod/mini` where a schema has none of its own. */
const noMessage = 'Invalid input';

/**
 * Describes each place of an input that a schema refused: `items[0].quantity: use at least 1`.
 *
 * Says what is expected and never what was received, which may be personal.
 *
 * @param whole name of the input, where an issue is about all of it
 */
export function describeIssues(error: z.core.$ZodError, whole = 'input'): string[] {
  return firstIssues(error, whole).map(([path, issue]) => {
    const text = issue.message === noMessage ? expectation(issue) : issue.message;
    return `${path}: ${text}`;
  });
}

/** Lists each place of an input that a schema refused: `items[0].quantity`. */
export function invalidPaths(error: z.core.$ZodError, whole = 'input'): string[] {
  return firstIssues(error, whole).map(([path]) => path);
}

/** Describes what a value must be, apart from messages of the schema's own: `use at least 1`. */
export function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `leave out ${issue.keys.length === 1 ? 'the field that is' : `the ${issue.keys.length} fields that are`} not known`;
    case 'invalid_value':
      return `use ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `use ${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'too_small':
      return `use at least ${amount(issue.minimum, issue)}`;
    case 'too_big':
      return `use at most ${amount(issue.maximum, issue)}`;
    case 'not_multiple_of':
      return `use a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.format === 'regex' ? issue.message : `use a valid ${issue.format}`;
    case 'invalid_union':
      return 'use one of the permitted forms';
    default:
      return issue.message;
  }
}

/** Units of values that have a length. */
const units: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item', map: 'item' };

function amount(limit: number | bigint, { origin, inclusive }: { origin: string; inclusive?: boolean }): string {
  const unit = units[origin];
  const plural = Number(limit) === 1 ? '' : 's';
  return `${limit}${unit === undefined ? '' : ` ${unit}${plural}`}${inclusive === false ? ' (exclusive)' : ''}`;
}

/** Keeps the first issue of each place: zod goes on to check the length of what is no array. */
function firstIssues({ issues }: z.core.$ZodError, whole: string): [path: string, issue: Issue][] {
  const first = new Map<string, Issue>();
  for (const issue of issues) {
    const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    const name = path.replace(/^\./, '') || whole;
    if (!first.has(name)) first.set(name, issue);
  }
  return [...first];
}
