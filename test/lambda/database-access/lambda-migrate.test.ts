import type { LambdaClient } from '@aws-sdk/client-lambda';
import { invokeMigrate } from '../../../lambda/database-access/lambda-migrate';

const answering = (answer: unknown, FunctionError?: string): Pick<LambdaClient, 'send'> => ({
  send: () => Promise.resolve({ Payload: Buffer.from(JSON.stringify(answer)), FunctionError }),
});

it('a report is a success', async () => {
  await expect(invokeMigrate(answering({ applied: [3], version: 3 }), 'f')).resolves.toEqual({
    outcome: 'migrated',
    version: 3,
  });
});

it.each(['DatabaseUnavailable', 'Sandbox.Timedout'])('%s passes', async (errorType) => {
  const answer = answering({ errorType, errorMessage: 'x' }, 'Unhandled');
  await expect(invokeMigrate(answer, 'f')).resolves.toMatchObject({ outcome: 'unavailable' });
});

it('any other error is final, and told with its message', async () => {
  const answer = answering({ errorType: 'MigrationError', errorMessage: 'migration 4 failed' }, 'Unhandled');
  await expect(invokeMigrate(answer, 'f')).resolves.toEqual({
    outcome: 'failed',
    reason: 'MigrationError: migration 4 failed',
  });
});
