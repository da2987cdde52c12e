import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { applyMigrations, type MigrationReport } from './apply-migrations';
import { databaseUnavailable, kindOf, loggable } from './failures';
import { migrations } from './migrations';
import { opener, readSettings } from './settings';

const settings = readSettings(process.env);
const logger = new Logger();

/**
 * Brings the schema up to date, as its owner; invoked by `MigrateOnDeploy`, or by a person. Safe to invoke at any time.
 *
 * @throws TellableError `DatabaseUnavailable`, to be invoked again; MigrationError with the database's message
 */
export const handler = async (_event: unknown, context: Context): Promise<MigrationReport> => {
  logger.addContext(context);
  const open = await opener(settings);
  const database = open();
  try {
    const report = await applyMigrations(database.db, settings.DATABASE_ENGINE, migrations);
    logger.info('migrated', { applied: report.applied, version: report.version });
    return report;
  } catch (error) {
    logger.error('not migrated', loggable(error));
    throw kindOf(error) === 'permanent' ? error : databaseUnavailable();
  } finally {
    database.discard();
  }
};
