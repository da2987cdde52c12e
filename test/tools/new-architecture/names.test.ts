import fc from 'fast-check';
import { namesOf } from '../../../tools/new-architecture/names';
import { slugOf } from '../../../lib/stack-name';
import { UsageError } from '../../../operations/command-line/command';

it('an architecture has its name in every way of writing, and its function one that is unique', () => {
  expect(namesOf('order-intake')).toEqual({
    slug: 'order-intake',
    id: 'OrderIntake',
    camel: 'orderIntake',
    handler: 'answer-order-intake',
    handlerId: 'AnswerOrderIntake',
    handlerCamel: 'answerOrderIntake',
  });
  expect(namesOf('order-intake', 'take-order')).toMatchObject({ handler: 'take-order', handlerId: 'TakeOrder' });
});

it('every name that is taken is found again from the stack', () => {
  const part = fc.stringMatching(/^[a-z]{2,6}[0-9]?$/);
  fc.assert(
    fc.property(fc.array(part, { minLength: 2, maxLength: 4 }), (parts) => {
      const { slug, id } = namesOf(parts.join('-'));
      expect(slugOf(id)).toBe(slug);
    }),
  );
});

it.each(['Order_Intake', 'OrderIntake', 'order--intake', '-order', '2nd-order', 'order/intake', '../order', ''])(
  "'%s' is refused, with the value and what to use",
  (slug) => {
    expect(() => namesOf(slug)).toThrow(`'${slug}' is no name of an architecture: use kebab-case`);
  },
);

it('a name that is too long for a stack is refused', () => {
  expect(namesOf('o'.repeat(40)).slug).toHaveLength(40);
  expect(() => namesOf('o'.repeat(41))).toThrow('at most 40 characters');
});

it.each(['stage', 'architecture', 'utils', 'common'])("'%s' means something else already", (slug) => {
  expect(() => namesOf(slug)).toThrow(UsageError);
});

it.each(['take', 'takeOrder', 'take_order'])("--handler '%s' is refused", (handler) => {
  expect(() => namesOf('order-intake', handler)).toThrow(`--handler '${handler}' is no verb and noun in kebab-case`);
});
