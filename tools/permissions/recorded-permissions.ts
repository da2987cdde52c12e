import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Grant } from '../template/grants';

const schema = z.record(
  z.string(),
  z.strictObject({
    /** Operations that needed it in the proofs. */
    usedBy: z.array(z.string()).optional(),
    /** Check that fails without it. */
    noticedBy: z.string().optional(),
  }),
);

/** Use of each permission in the last recorded run, and the check that fails without it, by `grantKey`. */
export type RecordedPermissions = z.infer<typeof schema>;

type Entry = RecordedPermissions[string];

/** Reads `scenarios/<slug>/recorded-permissions.json`; empty where nothing is recorded. */
export function readRecordedPermissions(root: string, slug: string): RecordedPermissions {
  const file = fileOf(root, slug);
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

export function writeRecordedPermissions(root: string, slug: string, recorded: RecordedPermissions): void {
  writeFileSync(fileOf(root, slug), `${JSON.stringify(recorded, null, 2)}\n`);
}

/** `ResizeImage | s3:GetObject | Upload` */
export function grantKey({ name, action, on }: Pick<Grant, 'name' | 'action' | 'on'>): string {
  return `${name} | ${action} | ${on}`;
}

/**
 * Recorded permissions with new entries, in the order of the template; without those that are granted no longer.
 *
 * @param change gives the new fields of a permission, undefined to remove one, or nothing where nothing new is known
 */
export function withChanges(
  recorded: RecordedPermissions,
  granted: readonly string[],
  change: (key: string) => { readonly [Field in keyof Entry]: Entry[Field] | undefined } | undefined,
): RecordedPermissions {
  const entries = granted.map((key) => {
    const merged = { ...recorded[key], ...change(key) };
    return [key, Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))] as const;
  });
  return Object.fromEntries(entries.filter(([, entry]) => Object.keys(entry).length > 0));
}

function fileOf(root: string, slug: string): string {
  return join(root, 'scenarios', slug, 'recorded-permissions.json');
}
