import { readOptions } from '../../../operations/order-workflow/orders';

it('reads the order id and the stage', () => {
  expect(readOptions(['o-1001'])).toEqual({ orderId: 'o-1001', stack: 'OrderWorkflow', outputs: undefined });
  expect(readOptions(['o-1001', '--stage', 'prod'])).toMatchObject({ stack: 'OrderWorkflow-prod' });
  expect(readOptions(['--help'])).toBe('help');
});

it.each([[[]], [['o-1', 'o-2']], [['o 1']], [['o-1', '--stage', 'qa']], [['o-1', '--wrong']]])(
  'names the received value of the wrong usage %j',
  (args) => {
    expect(() => readOptions(args)).toThrow(/received|unknown/i);
  },
);
