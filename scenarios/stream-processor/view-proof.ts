import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import { faultsOf } from '../shared/faults/fault-injector';
import type { Check, ScenarioRun } from '../shared/scenario';
import { readSummary, writeAccount, type AccountState } from './accounts';
import { startConsumer } from './consumer';
import { readDeployment, type Deployment } from './deployment';
import { runOps } from './run-ops';

const [changeCount, accountCount, crashes] = [500, 25, 6];
/** Accounts that are written at once. */
const concurrency = 5;

/** Changes an account at random, and its poller crashes meanwhile. */
export const viewProof: Check = {
  name: 'view-equals-table',
  title:
    'after random changes and crashes of the poller, the view equals the table and a consumer sees each change once',
  needs: 'faults',
  async run(run) {
    const deployment = readDeployment(run);
    const consumer = await run.step('subscribe a consumer', () => startConsumer(run, deployment));
    const accounts = await run.step(`write ${changeCount} changes`, () => writeChanges(run, deployment));
    await run.step('wait for the view', () =>
      run.eventually('the view to equal the table', async () => {
        const shown = await pMap(accounts, ({ accountId }) => readSummary(deployment, accountId), { concurrency: 10 });
        const behind = accounts.filter(({ version }, index) => shown[index]?.version !== version);
        if (behind.length > 0) throw new Error(`${behind.length} accounts are behind`);
        return shown;
      }),
    );
    const views = await pMap(accounts, ({ accountId }) => readSummary(deployment, accountId), { concurrency: 10 });
    run.assertEqual(views, accounts, 'version and balance of each account in the view');
    const events = await run.step('wait for the events', () =>
      run.eventually(`${changeCount} events`, async () => {
        const seen = await consumer.receive();
        if (seen.size < changeCount) throw new Error(`${seen.size} so far`);
        return seen;
      }),
    );
    const latest = new Map<string, AccountState>();
    for (const { accountId, version, balance } of events.values()) {
      if (version > (latest.get(accountId)?.version ?? 0)) latest.set(accountId, { accountId, version, balance });
    }
    run.assertEqual(events.size, changeCount, 'changes that a consumer sees once it deduplicates by id');
    run.assertEqual(
      accounts.map(({ accountId }) => latest.get(accountId)),
      accounts,
      'the state of each account for a consumer that orders by version',
    );
    run.metric('changes', changeCount);
    run.metric('crashes of the poller', crashes);
    run.metric('events that came again', consumer.repeated());
    await rebuildOne(run, deployment, accounts);
  },
};

/** Writes versions of random accounts, those of one account in order; returns their last states. */
async function writeChanges(run: ScenarioRun, deployment: Deployment): Promise<AccountState[]> {
  const faults = faultsOf(run);
  const indexes = Array.from({ length: changeCount }, (_, change) =>
    change < accountCount ? change : Math.floor(run.random() * accountCount),
  );
  const accounts = [...Map.groupBy(indexes, (index) => index)].map(([index, changes]) =>
    changes.map((_, before) => ({
      accountId: `${run.runId}-${index}`,
      version: before + 1,
      balance: `${Math.floor(run.random() * 1e6)}.5`,
    })),
  );
  let written = 0;
  await pMap(
    accounts,
    async (states) => {
      for (const state of states) {
        await writeAccount(deployment, state);
        if (++written % Math.floor(changeCount / crashes) === 50) await faults.crashStreamPoller();
      }
    },
    { concurrency },
  );
  return accounts.flatMap((states) => states.at(-1) ?? []);
}

/** Removes an account from the view, and makes it again with the commands of the runbook. */
async function rebuildOne(run: ScenarioRun, deployment: Deployment, accounts: readonly AccountState[]): Promise<void> {
  const { dynamodb, summariesTable } = deployment;
  const [account] = accounts;
  if (account === undefined) throw new Error('no account was written');
  const Key = { accountId: { S: account.accountId }, entry: { S: 'account' } };
  await dynamodb.send(new DeleteItemCommand({ TableName: summariesTable, Key }));
  await run.step('compare and rebuild the view', async () => {
    await runOps(run, 'rebuild', 1);
    await runOps(run, 'rebuild --write');
  });
  run.assertEqual(await readSummary(deployment, account.accountId), account, 'the account that was missing');
}
