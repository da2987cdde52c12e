import type { LambdaClient } from '@aws-sdk/client-lambda';
import { migrate, readOptions } from '../../../operations/database-access/migrate';

const answering = (answer: unknown, FunctionError?: string): Pick<LambdaClient, 'send'> => ({
  send: () => Promise.resolve({ Payload: Buffer.from(JSON.stringify(answer)), FunctionError }),
});

it('reads the stage and the outputs file', () => {
  expect(readOptions([])).toEqual({ stack: 'DatabaseAccess', outputs: undefined });
  expect(readOptions(['--stage', 'prod', '--outputs', 'o.json'])).toEqual({
    stack: 'DatabaseAccess-prod',
    outputs: 'o.json',
  });
  expect(readOptions(['-h'])).toBe('help');
});

it.each([[['now']], [['--stage', 'qa']], [['--wrong']]])(
  'an error of wrong usage names the received value: %j',
  (args) => {
    expect(() => readOptions(args)).toThrow(/received|unknown/i);
  },
);

it('summarizes the applied migrations in one line', async () => {
  await expect(migrate({ client: answering({ applied: [2, 3], version: 3 }), functionName: 'f' })).resolves.toBe(
    'applied 2, 3: the schema is at version 3',
  );
  await expect(migrate({ client: answering({ applied: [], version: 3 }), functionName: 'f' })).resolves.toMatch(
    /^nothing to do/,
  );
});

it('fails with the error of the function', async () => {
  const failing = answering({ errorType: 'MigrationError', errorMessage: 'migration 4 failed' }, 'Unhandled');
  await expect(migrate({ client: failing, functionName: 'f' })).rejects.toThrow('MigrationError: migration 4 failed');
});
