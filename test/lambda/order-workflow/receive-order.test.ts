import { createOrder, loadHandler, namedError, TestEnvironment } from './test-environment';

const receive = loadHandler<{ status: string; executionArn?: string }>('receive-order');
const order = createOrder();
let environment: TestEnvironment;
beforeEach(() => (environment = new TestEnvironment()));
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

const started = { orderId: 'o-1001', executionArn: 'arn:execution:o-1001', status: 'received' };

it('stores a new order and starts its execution', async () => {
  expect(await receive(order)).toEqual(started);
  expect(environment.started).toEqual([{ name: 'o-1001', input: { orderId: 'o-1001', generation: 1 } }]);
  expect(environment.text('Orders', 'o-1001', 'executionArn')).toBe('arn:execution:o-1001');
});

it('answers a repeated order the same way without a second execution', async () => {
  for (let time = 0; time < 3; time++) expect(await receive(order)).toEqual(started);
  expect(environment.started).toHaveLength(1);
});

it('starts an order that was stored but not started because the function was killed', async () => {
  environment.before = (command) => {
    if (command.constructor.name === 'StartExecutionCommand') throw namedError('Killed');
  };
  await expect(receive(order)).rejects.toMatchObject({ name: 'Killed' });
  environment.before = () => undefined;
  expect(await receive(order)).toEqual(started);
  expect(environment.started).toHaveLength(1);
});

it('answers conflict for different content under a used id and starts nothing', async () => {
  await receive(order);
  const { customerId: _, ...others } = order;
  const conflict = await receive({ ...others, customerId: 'c-8' });
  expect(conflict).toEqual({
    orderId: 'o-1001',
    status: 'conflict',
    message: 'the id o-1001 belongs to an order with different content: use a new id',
  });
  expect(environment.started).toHaveLength(1);
  expect(environment.text('Orders', 'o-1001', 'customerId')).toBe('c-7');
});
