import * as z from 'zod/mini';
import { parseInput, stepSchema } from '../../../lambda/order-workflow/step-input';

it('what the state machine hands over is read, and what else is there is left', () => {
  expect(parseInput(stepSchema, { orderId: 'o-1', extra: true })).toEqual({ orderId: 'o-1' });
});

it.each([
  [{ orderId: 'canary 1' }, 'orderId'],
  [{}, 'orderId'],
  ['canary', 'the whole'],
  [undefined, 'the whole'],
])('of %j the wrong field is named and its value is not', (input, field) => {
  const read = () => parseInput(stepSchema, input);
  expect(read).toThrow(`wrong or missing in the input: ${field}`);
  expect(read).not.toThrow('canary');
});

it('a field that is wrong twice is named once', () => {
  const schema = z.object({ deep: z.array(z.string().check(z.minLength(3), z.regex(/^\d+$/))) });
  expect(() => parseInput(schema, { deep: ['a'] })).toThrow(/input: deep\.0$/);
});
