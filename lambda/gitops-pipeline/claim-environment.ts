import * as z from 'zod/mini';
import { createCodeCommitClient } from '../shared/codecommit-client';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { logger } from '../shared/observability';
import { headOf } from './adapters/codecommit-branches';
import { claimEnvironment, releaseLock } from './adapters/dynamodb-environments';
import type { Run, State } from './run';
import { stepHandler } from './step-handler';
import { seconds } from './times';

const settings = readEnvironment(
  z.object({ RUNS_TABLE_NAME: z.string(), REPOSITORY_NAME: z.string(), LOCK_SECONDS: wholeNumber }),
  process.env,
);
const table = { client: createDynamoDBClient(), tableName: settings.RUNS_TABLE_NAME };
const repository = { client: createCodeCommitClient(), name: settings.REPOSITORY_NAME };

/** Another run deploys to the environment: the state machine tries again. */
export class EnvironmentBusyError extends Error {
  override readonly name = 'EnvironmentBusyError';
}

/** Takes the lock of an environment for a run, unless a newer commit is the head. */
export const handler = stepHandler(async (state, now): Promise<State> => {
  const { run, base = 0 } = state;
  const name = run.environment?.name;
  if (name === undefined) throw new Error(`run ${run.id} has no environment: it cannot deploy`);
  const claim = { runId: run.id, base, now: seconds(now), isHead: await isHead(run) };
  const { decision, record } = await claimEnvironment(table, name, claim, settings.LOCK_SECONDS);
  logger.info('environment claimed', { environment: name, decision, owner: record.owner });
  if (decision === 'wait') throw new EnvironmentBusyError(`${record.owner ?? ''} deploys to ${name}`);
  if (decision === 'compare') return { ...state, decision, base: record.deployments, round: state.round + 1 };
  // A commit that was pushed, built and deployed between the first look and the lock is newer.
  if (decision === 'deploy' && state.rollback !== true && claim.isHead && !(await isHead(run))) {
    await releaseLock(table, name, run.id);
    return { ...state, decision: 'superseded' };
  }
  return { ...state, decision, ...(decision === 'deploy' ? { deployingSince: seconds(now) } : {}) };
});

async function isHead(run: Run): Promise<boolean> {
  return run.again !== undefined || (await headOf(repository, run.branch)) === run.commit;
}
