import * as z from 'zod/mini';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { prolongLock, readEnvironmentRecord } from './adapters/dynamodb-environments';
import { giveUp, rollbackOf } from './rollback';
import type { State } from './run';
import { stepHandler } from './step-handler';
import { seconds } from './times';

const settings = readEnvironment(z.object({ RUNS_TABLE_NAME: z.string(), LOCK_SECONDS: wholeNumber }), process.env);
const table = { client: createDynamoDBClient(), tableName: settings.RUNS_TABLE_NAME };

/** Chooses the last good artifact of the environment after a failed deployment or smoke test. */
export const handler = stepHandler(async (state, now): Promise<State> => {
  const name = state.run.environment?.name ?? '';
  const next = rollbackOf(state, await readEnvironmentRecord(table, name));
  if (next.decision !== 'roll back') return next;
  const until = seconds(now) + settings.LOCK_SECONDS;
  const isOwner = await prolongLock(table, name, { runId: state.run.id, until, now: seconds(now) });
  logger.info('rollback chosen', { digest: next.artifact?.digest, isOwner });
  return isOwner ? next : giveUp(state, 'the run has lost the lock of the environment');
});
