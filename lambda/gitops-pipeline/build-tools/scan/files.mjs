import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const skipped = new Set(['.git', 'node_modules']);
const mostBytes = 5_000_000;

/**
 * Files below a folder. Links are not followed: they may lead out of the folder.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() && lstatSync(path).size <= mostBytes ? [path] : [];
  });
}
