import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { rowKey } from '../permissions-page';
import type { Removal } from './outcome';

const schema = z.record(z.string(), z.record(z.string(), z.string()));

/** By architecture and by row of `docs/permissions.md`: the check that fails without the permission. */
export type Removals = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** `tools/permissions/removals.json`, which `--mutate --write` writes. */
export function readRemovals(root: string): Removals {
  const file = fileIn(root);
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

export function writeRemovals(root: string, removals: Removals): void {
  writeFileSync(fileIn(root), `${JSON.stringify(removals, null, 2)}\n`);
}

/** What was known before and is still granted, with what was found now in its place; in a fixed order. */
export function mergeRemovals(
  known: Readonly<Record<string, string>>,
  granted: readonly string[],
  found: readonly Removal[],
): Readonly<Record<string, string>> {
  const now = new Map(found.map(({ grant, noticedBy }) => [rowKey(grant), noticedBy]));
  return Object.fromEntries(
    granted.flatMap((key) => {
      const check = now.has(key) ? now.get(key) : known[key];
      return check === undefined ? [] : [[key, check]];
    }),
  );
}

function fileIn(root: string): string {
  return join(root, 'tools', 'permissions', 'removals.json');
}
