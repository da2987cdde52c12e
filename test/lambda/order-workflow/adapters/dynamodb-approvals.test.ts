import {
  closeRequest,
  getApproval,
  recordDecision,
  saveRequest,
} from '../../../../lambda/order-workflow/adapters/dynamodb-approvals';
import { MemoryTables } from '../../../fakes/memory-tables';

const at = (text: string) => new Date(`2026-01-01T${text}Z`);
const request = { customerId: 'c-7', taskToken: 'token', expiresAt: at('12:00:00') };
let tables: MemoryTables;
const approvals = () => ({ client: tables as never, tableName: 'Approvals' });
const decide = (orderId: string, decision: 'approve' | 'reject', approver: string, time: string) =>
  recordDecision(approvals(), orderId, { decision, approver, comment: '', at: at(time) });
beforeEach(() => (tables = new MemoryTables()));

it('reads a saved request, and undefined for an unknown order', async () => {
  await saveRequest(approvals(), 'o-1', request);
  expect(await getApproval(approvals(), 'o-1')).toEqual(request);
  expect(await getApproval(approvals(), 'o-2')).toBeUndefined();
});

it('records the first decision in time and refuses later, late and unknown ones', async () => {
  await saveRequest(approvals(), 'o-1', request);
  expect(await decide('o-1', 'approve', 'a-1', '12:00:00')).toBe(false);
  expect(await decide('o-1', 'approve', 'a-1', '11:59:59')).toBe(true);
  expect(await decide('o-1', 'reject', 'a-2', '11:59:59')).toBe(false);
  expect(await decide('o-2', 'approve', 'a-1', '11:59:59')).toBe(false);
  expect(await getApproval(approvals(), 'o-1')).toMatchObject({ decision: 'approve', approver: 'a-1' });
  expect(await getApproval(approvals(), 'o-2')).toBeUndefined();
});

it('deletes the task token on closing and keeps the decision', async () => {
  await saveRequest(approvals(), 'o-1', request);
  await decide('o-1', 'reject', 'a-1', '11:00:00');
  await closeRequest(approvals(), 'o-1');
  const approval = await getApproval(approvals(), 'o-1');
  expect(approval).toMatchObject({ decision: 'reject', settled: 'delivered' });
  expect(approval).not.toHaveProperty('taskToken');
});

it('returns the decision and saves nothing if a request arrives after it', async () => {
  expect(await saveRequest(approvals(), 'o-1', request)).toBeUndefined();
  await decide('o-1', 'approve', 'a-1', '11:00:00');
  const late = await saveRequest(approvals(), 'o-1', { ...request, taskToken: 'late' });
  expect(late).toEqual({ decision: 'approve', approver: 'a-1' });
  expect(await getApproval(approvals(), 'o-1')).toMatchObject({ taskToken: 'token' });
});

it('replaces the task token of a request without a decision, after an earlier execution', async () => {
  await saveRequest(approvals(), 'o-1', request);
  await saveRequest(approvals(), 'o-1', { ...request, taskToken: 'later' });
  expect(await getApproval(approvals(), 'o-1')).toMatchObject({ taskToken: 'later' });
});

it('throws other errors of the table', async () => {
  const broken = { client: { send: () => Promise.reject(new Error('busy')) } as never, tableName: 't' };
  const decision = { decision: 'approve', approver: 'a-1', comment: '', at: at('11:00:00') } as const;
  await expect(recordDecision(broken, 'o-1', decision)).rejects.toThrow('busy');
});
