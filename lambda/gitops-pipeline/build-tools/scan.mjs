// Runs in a build: no dependencies. Prints what it finds in a folder, or `none`; it has failed if it prints nothing.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Credentials by their documented forms: long enough that text does not have them by chance. */
const secrets = [
  { name: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { name: 'private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/ },
  { name: 'GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b/ },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { name: 'Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{20,}\b/ },
];

const skipped = new Set(['.git', 'node_modules']);
const mostBytes = 5_000_000;
const mostFindings = 20;

/**
 * Finds credentials in a text.
 *
 * @param {string} text
 * @returns {{ line: number, name: string }[]}
 */
export function secretsIn(text) {
  return text.split('\n').flatMap((line, index) =>
    secrets
      // AWS writes its examples so.
      .filter(({ pattern }) => pattern.test(line) && !/EXAMPLE/.test(pattern.exec(line)?.[0] ?? ''))
      .map(({ name }) => ({ line: index + 1, name })),
  );
}

/**
 * Finds credentials in the files of a folder. The result names places, never values.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function scan(folder) {
  return filesIn(folder).flatMap((file) =>
    secretsIn(readFileSync(file, 'latin1')).map(
      ({ line, name }) => `${printable(relative(folder, file))}:${line}: ${name}`,
    ),
  );
}

/** Links are not followed: they may lead out of the folder. */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() && lstatSync(path).size <= mostBytes ? [path] : [];
  });
}

/** Names of files are text of the pusher: only plain characters reach messages. */
function printable(name) {
  return name.replace(/[^\w./-]/g, '?').slice(0, 200);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const found = scan(process.argv[2] ?? '.');
  const more = found.length > mostFindings ? ` and ${found.length - mostFindings} more` : '';
  process.stdout.write(found.length === 0 ? 'none' : found.slice(0, mostFindings).join('; ') + more);
}
