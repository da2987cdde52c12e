import fc from 'fast-check';
import { namesOf } from '../../../tools/new-architecture/names';
import { slugOf } from '../../../lib/stack-name';
import { UsageError } from '../../../operations/command-line/command';

it('derives every form of the names of an architecture and its function', () => {
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

it('the slug can be derived from the stack name', () => {
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
    expect(() => namesOf(slug)).toThrow(`'${slug}' is not a valid name: use kebab-case`);
  },
);

it('refuses a name that is too long for a stack', () => {
  expect(namesOf('o'.repeat(40)).slug).toHaveLength(40);
  expect(() => namesOf('o'.repeat(41))).toThrow('at most 40 characters');
});

it.each(['stage', 'architecture', 'utils', 'common'])("refuses '%s', which has another meaning", (slug) => {
  expect(() => namesOf(slug)).toThrow(UsageError);
});

it.each(['take', 'takeOrder', 'take_order'])("--handler '%s' is refused", (handler) => {
  expect(() => namesOf('order-intake', handler)).toThrow(
    `--handler '${handler}' is not a verb and a noun in kebab-case`,
  );
});
