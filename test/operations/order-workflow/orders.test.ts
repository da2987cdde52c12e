import { readOptions } from '../../../operations/order-workflow/orders';

it('reads the order id, the stage and the repair', () => {
  const shown = { orderId: 'o-1001', repair: undefined, stack: 'OrderWorkflow', outputs: undefined };
  expect(readOptions(['o-1001'])).toEqual(shown);
  expect(readOptions(['o-1001', '--stage', 'prod'])).toMatchObject({ stack: 'OrderWorkflow-prod' });
  expect(readOptions(['o-1001', '--restart'])).toMatchObject({ orderId: 'o-1001', repair: 'restart' });
  expect(readOptions(['--list', 'needs-attention'])).toMatchObject({ list: 'needs-attention' });
  expect(readOptions(['--help'])).toBe('help');
});

it.each([
  [[]],
  [['o-1', 'o-2']],
  [['o 1']],
  [['o-1', '--stage', 'qa']],
  [['o-1', '--wrong']],
  [['o-1', '--restart', '--fail']],
  [['--list', 'confirmed']],
  [['o-1', '--list', 'received']],
])('names the received value of the wrong usage %j', (args) => {
  expect(() => readOptions(args)).toThrow(/received|unknown/i);
});
