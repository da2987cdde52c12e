/** JSON that is refused, with the reason, which does not repeat the text. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

const maximumDepth = 20;

/** Strings and punctuation of a text that is valid JSON: numbers and literals cannot hold either. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Parses JSON whose meaning is the same for every reader: no object names a key twice or `__proto__`, and every string is
 * text that UTF-8 can carry.
 *
 * @throws JsonTextError
 */
export function parseJsonText(text: string): unknown {
  const value = parse(text);
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (const [token] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
      if (open.length > maximumDepth) throw new JsonTextError(`nest at most ${maximumDepth} levels deep`);
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && last !== undefined) addKey(open.at(-1), last);
    else if (token.startsWith('"')) last = stringOf(token);
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new JsonTextError('use valid JSON');
  }
}

function stringOf(token: string): string {
  const text = JSON.parse(token) as string;
  if (!text.isWellFormed()) throw new JsonTextError('use pairs of surrogates');
  return text;
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (key === '__proto__') throw new JsonTextError('leave out the key __proto__');
  if (keys?.has(key) === true) throw new JsonTextError('use each key once');
  keys?.add(key);
}
