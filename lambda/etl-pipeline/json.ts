/** `JSON` as Node.js has it: https://tc39.es/proposal-json-parse-with-source/ */
const json = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
};

/** Parses JSON in which numbers stay as they were written: one of JavaScript has 15 digits. @throws SyntaxError */
export function parseJson(text: string): unknown {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? json.rawJSON(source) : value,
  );
}

/** Whether a parsed value is a number; `JSON.stringify` gives its text. */
export const isNumber = (value: unknown): boolean => json.isRawJSON(value);
