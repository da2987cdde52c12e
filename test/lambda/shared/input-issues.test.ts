import * as z from 'zod/mini';
import { describeIssues, invalidPaths } from '../../../lambda/shared/input-issues';

const orderSchema = z.strictObject({
  orderId: z.string().check(z.regex(/^o-/, 'starts with o-')),
  items: z
    .array(
      z.object({
        quantity: z.int().check(z.minimum(1), z.maximum(9)),
        packs: z.optional(z.int().check(z.multipleOf(5))),
      }),
    )
    .check(z.minLength(1), z.maxLength(2)),
  email: z.optional(z.email()),
  carrier: z.optional(z.enum(['dhl', 'ups'])),
  version: z.optional(z.literal(1)),
  note: z.optional(z.string().check(z.maxLength(3))),
  address: z.optional(z.union([z.string(), z.object({ city: z.string() })])),
  weight: z.optional(z.number().check(z.positive())),
});

const order = { orderId: 'o-1', items: [{ quantity: 1 }] };

function refused(input: unknown) {
  const { error } = orderSchema.safeParse(input);
  if (error === undefined) throw new Error('the schema took it');
  return error;
}

it.each([
  ['a missing value', { items: order.items }, 'orderId: use a string'],
  ['another type', { ...order, items: 'all' }, 'items: use an array'],
  ['too small', { ...order, items: [{ quantity: 0 }] }, 'items[0].quantity: use at least 1'],
  ['too big', { ...order, items: [{ quantity: 10 }] }, 'items[0].quantity: use at most 9'],
  ['an exclusive limit', { ...order, weight: 0 }, 'weight: use at least 0 (exclusive)'],
  ['too few', { ...order, items: [] }, 'items: use at least 1 item'],
  ['too long', { ...order, note: 'fragile' }, 'note: use at most 3 characters'],
  ['no multiple', { ...order, items: [{ quantity: 1, packs: 6 }] }, 'items[0].packs: use a multiple of 5'],
  ['a format', { ...order, email: 'nobody' }, 'email: use a valid email'],
  ['a message of its own', { ...order, orderId: '4111' }, 'orderId: starts with o-'],
  ['a choice', { ...order, carrier: 'pigeon' }, 'carrier: use one of dhl, ups'],
  ['a constant', { ...order, version: 2 }, 'version: use 1'],
  ['a union', { ...order, address: 1 }, 'address: use one of the permitted forms'],
  ['an unknown field', { ...order, card: '4111' }, 'input: leave out the field that is not known'],
  ['unknown fields', { ...order, card: '4111', cvc: '1' }, 'input: leave out the 2 fields that are not known'],
  ['no object', 'all', 'input: use an object'],
])('%s is described by what is expected', (_, input, description) => {
  expect(describeIssues(refused(input))).toEqual([description]);
});

it('every issue is described, and no value that was received', () => {
  const descriptions = describeIssues(refused({ orderId: '4111', items: [{ quantity: '4111' }], note: '4111' }));
  expect(descriptions).toHaveLength(3);
  expect(descriptions.join()).not.toContain('4111');
});

it('an input as a whole is called what its reader calls it', () => {
  expect(describeIssues(refused(null), 'order')).toEqual(['order: use an object']);
  expect(invalidPaths(refused(null), 'order')).toEqual(['order']);
});

it('a place is listed once, however much is wrong there', () => {
  const error = refused({ orderId: 1, items: 'all' });
  expect(error.issues).toHaveLength(3);
  expect(invalidPaths(error)).toEqual(['orderId', 'items']);
  expect(describeIssues(error)).toEqual(['orderId: use a string', 'items: use an array']);
});
