import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { captureOutput } from './captured-output';
import { FakeDynamoDB } from './fake-dynamodb';
import { jsonRefusal } from './json-service';
import { lambdaContext, loadHandler } from './load-handler';

const file = '../test/fakes/sample-handler';
let dynamodb: FakeDynamoDB;
let environment: Record<string, string>;

beforeAll(async () => {
  dynamodb = new FakeDynamoDB({ Orders: { partitionKey: 'orderId' } });
  environment = { ...(await dynamodb.listen()), ORDERS_TABLE_NAME: 'Orders' };
  dynamodb.put('Orders', { orderId: { S: 'o-1' }, status: { S: 'paid' } });
});
afterAll(() => dynamodb.close());
beforeEach(() => {
  dynamodb.before = () => undefined;
  dynamodb.requests.length = 0;
});
afterEach(() => jest.restoreAllMocks());

it('a handler makes its clients and reads its environment anew each time it is loaded', async () => {
  const output = captureOutput();
  const handler = loadHandler(file, environment);
  expect(await handler('o-1')).toEqual({ tableName: 'Orders', status: 'paid' });
  const other = loadHandler(file, { ...environment, ORDERS_TABLE_NAME: undefined });
  await expect(other('o-1')).rejects.toThrow();
  expect(output.lines('order read')).toEqual([expect.objectContaining({ orderId: 'o-1' })]);
});

it('a context counts down', async () => {
  const context = lambdaContext(60_000);
  expect(context.getRemainingTimeInMillis()).toBeGreaterThan(59_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(context.getRemainingTimeInMillis()).toBeLessThan(59_990);
});

it('a service that fails is asked again by the SDK', async () => {
  captureOutput();
  const refusals = [jsonRefusal('InternalServerError', 'try again', {}, 500)];
  dynamodb.before = () => refusals.pop();
  expect(await loadHandler(file, environment)('o-1')).toMatchObject({ status: 'paid' });
  expect(dynamodb.operations).toEqual(['GetItem', 'GetItem']);
});

it('a service that never answers runs into the limits of the client', async () => {
  dynamodb.before = () => new Promise(() => undefined);
  await expect(loadHandler(file, environment)('o-1')).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('what a fake has not been taught is an error, and no answer', async () => {
  const client = new DynamoDBClient(dynamodb.clientConfig);
  await expect(client.send(new ListTablesCommand({}))).rejects.toThrow('the fake does not know ListTables: teach it');
});
