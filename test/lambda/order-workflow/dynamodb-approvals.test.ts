import { dynamodbApprovals, keepRequest } from '../../../lambda/order-workflow/dynamodb-approvals';
import { MemoryTables } from './memory-tables';

const at = (text: string) => new Date(`2026-01-01T${text}Z`);
const request = { orderId: 'o-1', customerId: 'c-7', taskToken: 'token', expiresAt: at('12:00:00') };
let tables: MemoryTables;
const open = () => ({ client: tables as never, table: 'Approvals' });
const approvals = () => dynamodbApprovals(open());
beforeEach(() => (tables = new MemoryTables({ Approvals: 'orderId' })));

it('a request is read as it was kept, and one that nobody made is none', async () => {
  await keepRequest(open(), request);
  const { orderId: _, ...approval } = request;
  expect(await approvals().get('o-1')).toEqual(approval);
  expect(await approvals().get('o-2')).toBeUndefined();
});

it('one decides; the next, the late and those on nothing do not', async () => {
  await keepRequest(open(), request);
  expect(await approvals().decide('o-1', 'approve', 'a-1', '', at('12:00:00'))).toBe(false);
  expect(await approvals().decide('o-1', 'approve', 'a-1', '', at('11:59:59'))).toBe(true);
  expect(await approvals().decide('o-1', 'reject', 'a-2', '', at('11:59:59'))).toBe(false);
  expect(await approvals().decide('o-2', 'approve', 'a-1', '', at('11:59:59'))).toBe(false);
  expect(await approvals().get('o-1')).toMatchObject({ decision: 'approve', approver: 'a-1' });
  expect(await approvals().get('o-2')).toBeUndefined();
});

it('a token is forgotten once it has been used, and the decision stays', async () => {
  await keepRequest(open(), request);
  await approvals().decide('o-1', 'reject', 'a-1', 'no', at('11:00:00'));
  await approvals().settle('o-1', 'delivered');
  const approval = await approvals().get('o-1');
  expect(approval).toMatchObject({ decision: 'reject', settled: 'delivered' });
  expect(approval).not.toHaveProperty('taskToken');
});

it('a request that comes after the decision replaces no token', async () => {
  await keepRequest(open(), request);
  await approvals().decide('o-1', 'approve', 'a-1', '', at('11:00:00'));
  const late = keepRequest(open(), { ...request, taskToken: 'late' });
  await expect(late).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect(await approvals().get('o-1')).toMatchObject({ taskToken: 'token' });
});

it('an error of the table is no refusal', async () => {
  const broken = dynamodbApprovals({ client: { send: () => Promise.reject(new Error('busy')) } as never, table: 't' });
  await expect(broken.decide('o-1', 'approve', 'a-1', '', at('11:00:00'))).rejects.toThrow('busy');
});
