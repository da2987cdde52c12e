import { createHash } from 'node:crypto';
import type { Engine } from './database-schema';
import type { Migration } from './migrations';

/** A migration as the database has recorded it. */
export interface AppliedMigration {
  readonly version: number;
  readonly checksum: string;
}

/** Error for a migration that fails or does not fit the recorded history; the message names the migration and the fix. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** SHA-256 of the statements that a migration runs on an engine. */
export function checksumOf(migration: Migration, engine: Engine): string {
  return createHash('sha256').update(JSON.stringify(migration.statements[engine])).digest('hex');
}

/** SHA-256 of all migrations of both engines; changes when a deployment has something new to run. */
export function digestOf(migrations: readonly Migration[]): string {
  return createHash('sha256').update(JSON.stringify(migrations)).digest('hex');
}

/**
 * Returns the migrations that have not been applied, in order of version.
 *
 * A database that is ahead of the code is accepted: a deployment was rolled back, and the previous code works with every
 * migration.
 *
 * @throws MigrationError where an applied migration was changed, or one is missing between applied ones
 */
export function pendingMigrations(
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
      throw new MigrationError(
        `migration ${version} (${name}) was not applied before ${latest}: number it ${latest + 1}`,
      );
    }
    if (recorded !== checksumOf(migration, engine)) {
      throw new MigrationError(
        `migration ${version} (${name}) was changed after it was applied: restore it and add another`,
      );
    }
  }
  return migrations.filter(({ version }) => version > latest).sort((one, other) => one.version - other.version);
}
