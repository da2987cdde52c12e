import * as z from 'zod/mini';
import { parseInput } from '../../../lambda/shared/parse-input';
import { stepSchema } from '../../../lambda/order-workflow/step-input';

it('reads the declared fields and drops others', () => {
  expect(parseInput(stepSchema, { orderId: 'o-1', extra: true })).toEqual({ orderId: 'o-1' });
});

it.each([
  [{ orderId: 'canary 1' }, 'orderId'],
  [{}, 'orderId'],
  ['canary', 'input'],
  [undefined, 'input'],
])('names the wrong field of %j and not its value', (input, field) => {
  const read = () => parseInput(stepSchema, input);
  expect(read).toThrow(`wrong or missing: ${field}`);
  expect(read).not.toThrow('canary');
});

it('names a field with two problems once', () => {
  const schema = z.object({ deep: z.array(z.string().check(z.minLength(3), z.regex(/^\d+$/))) });
  expect(() => parseInput(schema, { deep: ['a'] })).toThrow(/missing: deep\[0\]$/);
});
