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

it.each(['DatabaseUnavailable', 'LoginRefused', 'Sandbox.Timedout'])('%s is transient', async (errorType) => {
  const client = clientAnswering({ errorType, errorMessage: 'x' }, 'Unhandled');
  await expect(invokeMigrate({ client, functionName: 'f' })).resolves.toMatchObject({ outcome: 'unavailable' });
});

it('a timeout of the function is transient, with and without a type', async () => {
  const errorMessage = '2026-11-21T08:00:00.000Z id Task timed out after 300.00 seconds';
  for (const answer of [{ errorMessage }, { errorMessage, errorType: 'Runtime.Unknown' }]) {
    const client = clientAnswering(answer, 'Unhandled');
    await expect(invokeMigrate({ client, functionName: 'f' })).resolves.toMatchObject({ outcome: 'unavailable' });
  }
});

const clientFailing = (error: Error): Pick<LambdaClient, 'send'> => ({ send: () => Promise.reject(error) });
const named = (name: string, more: object = {}) => Object.assign(new Error('x'), { name, ...more });

it.each([
  named('AccessDeniedException'),
  named('ResourceNotReadyException'),
  named('ResourceConflictException'),
  named('TooManyRequestsException'),
  named('EC2ThrottledException'),
  named('TimeoutError'),
  named('SomeNewException', { $fault: 'server' }),
  named('Error', { code: 'ECONNRESET' }),
])('an invocation that fails with %s is repeated', async (error) => {
  const target = { client: clientFailing(error), functionName: 'f' };
  await expect(invokeMigrate(target)).resolves.toEqual({ outcome: 'unavailable', reason: `${error.name}: x` });
});

it.each([named('ResourceNotFoundException', { $fault: 'client' }), named('InvalidParameterValueException')])(
  'an invocation that fails with %s is not repeated',
  async (error) => {
    await expect(invokeMigrate({ client: clientFailing(error), functionName: 'f' })).rejects.toBe(error);
  },
);

it('any other error is permanent and keeps its message', async () => {
  const client = clientAnswering({ errorType: 'MigrationError', errorMessage: 'migration 4 failed' }, 'Unhandled');
  await expect(invokeMigrate({ client, functionName: 'f' })).resolves.toEqual({
    outcome: 'failed',
    reason: 'MigrationError: migration 4 failed',
  });
});
