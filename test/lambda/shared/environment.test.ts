import * as z from 'zod/mini';
import { readEnvironment, wholeNumber } from '../../../lambda/shared/environment';

const schema = z.object({ ORDERS_QUEUE_URL: z.string(), MAXIMUM_RECEIVES: wholeNumber });

it('variables are read, numbers as numbers', () => {
  expect(readEnvironment(schema, { ORDERS_QUEUE_URL: 'q', MAXIMUM_RECEIVES: '5', PATH: '/' })).toEqual({
    ORDERS_QUEUE_URL: 'q',
    MAXIMUM_RECEIVES: 5,
  });
});

it.each(['', '0', '-1', '1.5', 'five'])(
  '%j is no whole number, and the error names the variable and the value',
  (text) => {
    expect(() => readEnvironment(schema, { ORDERS_QUEUE_URL: 'q', MAXIMUM_RECEIVES: text })).toThrow(
      `MAXIMUM_RECEIVES is ${JSON.stringify(text)}`,
    );
  },
);

it('every variable that is missing is named', () => {
  expect(() => readEnvironment(schema, {})).toThrow('ORDERS_QUEUE_URL is not set, MAXIMUM_RECEIVES is not set');
});
