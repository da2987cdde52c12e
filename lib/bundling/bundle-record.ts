import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleVariables } from './bundle-options';

/** Sources and outputs of bundles, so that they are made again only if something changed. */
export interface BundleRecord {
  readonly handlers: readonly string[];
  readonly variables: BundleVariables;
  /** The handlers whose native packages stay beside the bundle. */
  readonly native: readonly string[];
  /** Size and time of change of every file that was read or written, by its path below the root. */
  readonly stamps: Readonly<Record<string, string>>;
}

/** Files that change bundles and are in none: packages, compiler options, and how bundles are made. */
const toolchain = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'lib/bundling/bundle-handlers.ts',
  'lib/bundling/bundle-options.ts',
];

/** Every file that bundles depend on, given those that are in them. */
export function sourcesOf(root: string, inputs: readonly string[]): string[] {
  const native = readdirSync(join(root, 'lambda')).map((slug) => join('lambda', slug, 'native', 'package.json'));
  return [...toolchain, ...native, ...inputs];
}

/** @param before in milliseconds: what has changed since then may not be what was read, and never counts as unchanged */
export function stampsOf(root: string, files: readonly string[], before = Infinity): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file, stampOf(join(root, file), before)]));
}

/** The record in a file, where everything is still as it says; undefined where it is not, or there is none. */
export function currentRecord(
  root: string,
  file: string,
  made: Pick<BundleRecord, 'handlers' | 'variables'>,
): BundleRecord | undefined {
  const record = readRecord(file);
  if (record === undefined) return undefined;
  const { handlers, variables } = record;
  if (JSON.stringify([handlers, variables]) !== JSON.stringify([made.handlers, made.variables])) return undefined;
  const isCurrent = Object.entries(record.stamps).every(([path, stamp]) => stampOf(join(root, path)) === stamp);
  return isCurrent ? record : undefined;
}

function readRecord(file: string): BundleRecord | undefined {
  try {
    // Our own file, which is written whole or not at all.
    return JSON.parse(readFileSync(file, 'utf8')) as BundleRecord;
  } catch {
    return undefined;
  }
}

function stampOf(file: string, before = Infinity): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return 'missing';
  return stats.mtimeMs < before ? `${stats.size} ${stats.mtimeMs}` : 'changed meanwhile';
}
