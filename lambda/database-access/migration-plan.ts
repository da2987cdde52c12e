import { createHash } from 'node:crypto';
import type { Engine } from './engine';
import type { Migration } from './migrations';

/** A migration as the database has recorded it. */
export interface AppliedMigration {
  readonly version: number;
  readonly checksum: string;
}

/** Thrown for a history that cannot be gone on with; its message names the migration and the fix. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** SHA-256 of what a migration runs on an engine. */
export function checksumOf(migration: Migration, engine: Engine): string {
  return createHash('sha256').update(JSON.stringify(migration.statements[engine])).digest('hex');
}

/** Changes when there is something new to run, on whichever engine. */
export function digestOf(migrations: readonly Migration[]): string {
  return createHash('sha256').update(JSON.stringify(migrations)).digest('hex');
}

/**
 * The migrations that are still to be run, in order.
 *
 * A database that is ahead of the code is left as it is: a deployment was rolled back, and every migration suits the code
 * before it.
 *
 * @throws MigrationError where a recorded migration was changed afterwards, or one is missing between others
 */
export function pending(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
  engine: Engine,
): Migration[] {
  const checksums = new Map(applied.map(({ version, checksum }) => [version, checksum]));
  const latest = Math.max(0, ...checksums.keys());
  for (const migration of migrations.filter(({ version }) => version <= latest)) {
    const { version, name } = migration;
    const recorded = checksums.get(version);
    if (recorded === undefined) {
      throw new MigrationError(`migration ${version} (${name}) was left out before ${latest}: number it ${latest + 1}`);
    }
    if (recorded !== checksumOf(migration, engine)) {
      throw new MigrationError(
        `migration ${version} (${name}) was changed after it was applied: restore it and add another`,
      );
    }
  }
  return migrations.filter(({ version }) => version > latest).sort((one, other) => one.version - other.version);
}
