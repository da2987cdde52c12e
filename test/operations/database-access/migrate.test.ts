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

it('waits for a database that is unavailable, and gives up after four attempts', async () => {
  const unavailable = { errorType: 'DatabaseUnavailable', errorMessage: 'send the same request again' };
  const pauses: number[] = [];
  const after = (failures: number): Parameters<typeof migrate>[0] => {
    let attempts = 0;
    const send = () =>
      attempts++ < failures
        ? answering(unavailable, 'Unhandled').send({} as never)
        : answering({ applied: [], version: 3 }).send({} as never);
    return { client: { send }, functionName: 'f', pause: (milliseconds) => Promise.resolve(pauses.push(milliseconds)) };
  };
  await expect(migrate(after(3))).resolves.toMatch(/^nothing to do/);
  expect(pauses).toEqual([2_000, 4_000, 8_000]);
  await expect(migrate(after(4))).rejects.toThrow('DatabaseUnavailable: send the same request again');
});
