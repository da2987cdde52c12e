import type { Template } from '../../template/template';

/** A function's variables as its template has them; what is known only after a deployment is any ARN. */
export function environmentOf(template: Template | undefined, handler: string): Record<string, string> {
  const name = handler.replace(/^.*\//, '').replace(/(^|-)(\w)/g, (_, _hyphen, letter: string) => letter.toUpperCase());
  const functions = Object.entries(template?.Resources ?? {}).filter(
    ([, { Type }]) => Type === 'AWS::Lambda::Function',
  );
  // The id of a function inside another construct begins with that construct's.
  const found =
    functions.find(([id]) => id.startsWith(`${name}Function`)) ??
    functions.find(([id]) => id.includes(`${name}Function`));
  const { Variables = {} } = (found?.[1].Properties?.['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
  return Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, textOf(value)]));
}

/** A value's text; JSON with values that are known only after a deployment keeps its form. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [separator, parts] = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? ['', []];
  const [first] = parts;
  const isJson = typeof first === 'string' && /^[{[]/.test(first);
  return isJson ? parts.map(textOf).join(separator) : 'arn:aws:x:us-east-1:0:x';
}
