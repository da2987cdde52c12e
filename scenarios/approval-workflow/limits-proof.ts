import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import pMap from 'p-map';
import type { Check } from '../shared/scenario';
import { openDeployment, type Deployment } from './deployment';
import { readRequest, submit, waitForStatus } from './requests';

const count = 50;
const limit = 5;

export const limitsProof: Check = {
  name: 'limits',
  title: `of ${count} simultaneous requests of a team exactly its ${limit} are counted, and given back at their end`,
  // Conflicts of transactions are repeated by the state machine, and a slow table by the caller.
  expectedErrors: ['ServiceBusyError', 'TimeoutError'],
  async run(run) {
    const deployment = await openDeployment(run, { team: { machines: limit } });
    const ids = await run.step(`submit ${count}`, () =>
      pMap(Array.from({ length: count }), (_, index) => submit(deployment, `limit-${index}`), { concurrency: 8 }),
    );
    const records = await run.step('wait for the policy', () =>
      pMap(ids, (id) => waitForStatus(deployment, id, ['awaiting-approval', 'rejected']), { concurrency: 10 }),
    );
    const waiting = records.filter(({ status }) => status === 'awaiting-approval');
    run.assertEqual(waiting.length, limit, 'requests within the limit');
    const reasons = new Set(records.filter(({ status }) => status === 'rejected').map(({ reason }) => reason));
    run.assertEqual([...reasons].join(), 'limit-of-team', 'reason of the others');
    run.assertEqual(await countersOf(deployment), { machines: limit, cents: limit * 1_679 }, 'counters of the team');
    await run.step('cancel', async () => {
      const lambda = new LambdaClient({});
      for (const { requestId } of waiting) {
        const Payload = JSON.stringify({ requestId, because: 'cancelled' });
        for (const FunctionName of Array<string>(2).fill(run.output('EndMachineFunctionName'))) {
          await lambda.send(new InvokeCommand({ FunctionName, Payload }));
        }
        run.assertEqual((await readRequest(deployment, requestId))?.status, 'cancelled', 'status');
      }
    });
    run.assertEqual(await countersOf(deployment), { machines: 0, cents: 0 }, 'counters after the end');
  },
};

async function countersOf({ run, dynamodb, team }: Deployment): Promise<{ machines: number; cents: number }> {
  const Key = { owner: { S: `team#${team}` } };
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: run.output('LimitsTableName'), Key, ConsistentRead: true }),
  );
  return { machines: Number(Item?.['machines']?.N), cents: Number(Item?.['cents']?.N) };
}
