import { countExpectedErrors } from '../shared/expected-errors';
import { logger } from '../shared/observability';
import { applyMigrations, type MigrationReport } from './apply-migrations';
import {
  classifyError,
  databaseUnavailable,
  isLoginRefused,
  isTemporary,
  loggableError,
  loginRefused,
} from './failures';
import { migrations } from './migrations';
import { createDatabaseOpener, readSettings } from './settings';

const settings = readSettings(process.env);

/**
 * Brings the schema up to date as its owner. Invoked by `MigrateOnDeploy` or by an operator; safe to invoke at any time.
 *
 * @throws PublicError `DatabaseUnavailable` or `LoginRefused`, to be retried; MigrationError with the database's message
 */
export const handler = countExpectedErrors(isTemporary, async (_event, context): Promise<MigrationReport> => {
  logger.addContext(context);
  const open = await createDatabaseOpener(settings);
  const database = open();
  try {
    const report = await applyMigrations({ db: database.db, engine: settings.DATABASE_ENGINE }, migrations);
    logger.info('migrated', { applied: report.applied, version: report.version });
    return report;
  } catch (error) {
    logger.error('not migrated', loggableError(error));
    if (isLoginRefused(error)) throw loginRefused(settings.DATABASE_USER);
    throw classifyError(error) === 'permanent' ? error : databaseUnavailable();
  } finally {
    database.discard();
  }
});
