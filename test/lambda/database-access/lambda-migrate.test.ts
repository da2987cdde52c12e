import type { LambdaClient } from '@aws-sdk/client-lambda';
import { invokeMigrate } from '../../../lambda/database-access/lambda-migrate';

const clientAnswering = (answer: unknown, FunctionError?: string): Pick<LambdaClient, 'send'> => ({
  send: () => Promise.resolve({ Payload: Buffer.from(JSON.stringify(answer)), FunctionError }),
});

it('returns the schema version of a report', async () => {
  await expect(
    invokeMigrate({ client: clientAnswering({ applied: [3], version: 3 }), functionName: 'f' }),
  ).resolves.toEqual({
    outcome: 'migrated',
    version: 3,
  });
});

it.each(['DatabaseUnavailable', 'Sandbox.Timedout'])('%s is transient', async (errorType) => {
  const client = clientAnswering({ errorType, errorMessage: 'x' }, 'Unhandled');
  await expect(invokeMigrate({ client, functionName: 'f' })).resolves.toMatchObject({ outcome: 'unavailable' });
});

it('any other error is permanent and keeps its message', async () => {
  const client = clientAnswering({ errorType: 'MigrationError', errorMessage: 'migration 4 failed' }, 'Unhandled');
  await expect(invokeMigrate({ client, functionName: 'f' })).resolves.toEqual({
    outcome: 'failed',
    reason: 'MigrationError: migration 4 failed',
  });
});
