/** Names in a CloudWatch Logs Insights query; covers the language as far as the runbook uses it. */
export interface NamedInQuery {
  readonly fields: readonly string[];
  /** Values that it compares `message` with. */
  readonly messages: readonly string[];
}

const commands = new Set(['fields', 'filter', 'stats', 'sort', 'limit']);
const functions = new Set(['count', 'avg', 'min', 'max', 'pct', 'bin']);
const words = new Set(['and', 'or', 'not', 'in', 'like', 'by', 'as', 'asc', 'desc']);

/**
 * Reads a query strictly: every command, function and word has to be known here.
 *
 * @throws Error that says what it does not know
 */
export function readQuery(text: string): NamedInQuery {
  // The content of strings names no field, and may hold what separates commands.
  const strings: string[] = [];
  const bare = text.replace(/"([^"]*)"|\/((?:\\.|[^/\n])+)\//g, (_, string: string | undefined, pattern: string) => {
    strings.push(string ?? pattern);
    return `"${strings.length - 1}"`;
  });
  const aliases = new Set([...bare.matchAll(/\bas (\w+)/g)].map(([, alias = '']) => alias));
  const stages = bare.split('|').map((stage) => stage.trim());
  const fields = stages.flatMap((stage) => fieldsOf(stage, text)).filter((name) => !aliases.has(name));
  const compared = [...bare.matchAll(/\bmessage (?:=|in) (\[[^\]]*\]|"\d+")/g)].flatMap(([, values = '']) =>
    [...values.matchAll(/"(\d+)"/g)].map(([, index]) => strings[Number(index)] ?? ''),
  );
  return { fields: [...new Set(fields)], messages: compared };
}

function fieldsOf(stage: string, query: string): string[] {
  const [, command = '', rest = ''] = /^(\w*)([^]*)$/.exec(stage) ?? [];
  if (!commands.has(command))
    throw new Error(`'${command}' is no command of Logs Insights that is known here: ${query}`);
  return [...rest.matchAll(/(?<![\w.@])(@?[a-z_][\w.]*)(\s*\()?/gi)].flatMap(([, name = '', call]) => {
    if (words.has(name)) return [];
    if (call === undefined) return [name];
    if (functions.has(name)) return [];
    throw new Error(`'${name}' is no function of Logs Insights that is known here: ${query}`);
  });
}
