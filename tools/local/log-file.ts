import { readFileSync } from 'node:fs';

/** Last lines of a log, indented, for an error message; empty where there is no log. */
export function tailOf(file: string, lines = 20): string {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    return '';
  }
  const tail = content.trimEnd().split('\n').slice(-lines);
  return tail.map((line) => `    ${line}`).join('\n');
}
