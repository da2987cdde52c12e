import type { LambdaClient } from '@aws-sdk/client-lambda';
import { migrate, readOptions } from '../../../operations/database-access/migrate';

const answering = (answer: unknown, FunctionError?: string): Pick<LambdaClient, 'send'> => ({
  send: () => Promise.resolve({ Payload: Buffer.from(JSON.stringify(answer)), FunctionError }),
});

it('the schema of one stage is migrated', () => {
  expect(readOptions([])).toEqual({ stack: 'DatabaseAccess', outputs: undefined });
  expect(readOptions(['--stage', 'prod', '--outputs', 'o.json'])).toEqual({
    stack: 'DatabaseAccess-prod',
    outputs: 'o.json',
  });
  expect(readOptions(['-h'])).toBe('help');
});

it.each([[['now']], [['--stage', 'qa']], [['--wrong']]])('wrong usage says what was received: %j', (args) => {
  expect(() => readOptions(args)).toThrow(/received|unknown/i);
});

it('what was done is said in a line', async () => {
  await expect(migrate(answering({ applied: [2, 3], version: 3 }), 'f')).resolves.toBe(
    'applied 2, 3: the schema is at version 3',
  );
  await expect(migrate(answering({ applied: [], version: 3 }), 'f')).resolves.toMatch(/^nothing to do/);
});

it('a failure is told in the words of the function', async () => {
  const failing = answering({ errorType: 'MigrationError', errorMessage: 'migration 4 failed' }, 'Unhandled');
  await expect(migrate(failing, 'f')).rejects.toThrow('MigrationError: migration 4 failed');
});
