import type { Context } from 'aws-lambda';
import { isBusy, translateBusyErrors } from '../../../lambda/shared/service-busy';

const failing = (error: unknown) =>
  translateBusyErrors(() => Promise.reject(error as Error))({}, {} as Context).catch((thrown: unknown) => thrown);
const named = (name: string, more: object = {}) => Object.assign(new Error('canary'), { name, ...more });

it.each([
  'ThrottlingException',
  'TooManyRequestsException',
  'ThrottledException',
  'KMSThrottlingException',
  'ProvisionedThroughputExceededException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'TimeoutError',
])('throws ServiceBusyError for %s, with its name alone', async (name) => {
  expect(await failing(named(name))).toMatchObject({ name: 'ServiceBusyError', message: name });
});

it('throws ServiceBusyError for a broken connection and an error of the service itself', async () => {
  expect(await failing(named('Error', { code: 'ECONNRESET' }))).toMatchObject({ name: 'ServiceBusyError' });
  const internal = named('InternalServerError', { $metadata: { httpStatusCode: 500 } });
  expect(await failing(internal)).toMatchObject({ name: 'ServiceBusyError' });
});

it.each(['AccessDeniedException', 'MessageRejected', 'ConditionalCheckFailedException', 'InvalidInputError'])(
  'throws %s unchanged',
  async (name) => {
    const error = named(name, { $metadata: { httpStatusCode: 400 } });
    expect(await failing(error)).toBe(error);
  },
);

it('does not take a thrown text for a busy service', () => {
  expect(isBusy('ThrottlingException')).toBe(false);
});

it('returns the result of the handler', async () => {
  expect(await translateBusyErrors(() => Promise.resolve(7))({}, {} as Context)).toBe(7);
});
