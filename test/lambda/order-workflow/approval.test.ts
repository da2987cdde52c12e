import { decide, type Approval, type Approvals, type Decision } from '../../../lambda/order-workflow/approval';

const expiresAt = new Date('2026-01-02T00:00:00Z');
const inTime = () => new Date('2026-01-01T00:00:00Z');
const tooLate = () => new Date('2026-01-03T00:00:00Z');

/** One request in memory, with the conditions of the table. */
class OneApproval implements Approvals {
  readonly delivered: Decision[] = [];
  waits = true;

  constructor(public approval: Approval | undefined) {}

  get = () => Promise.resolve(this.approval);

  decide = (_: string, decision: Decision, approver: string, __: string, at: Date) => {
    if (!this.approval || this.approval.decision !== undefined || this.approval.expiresAt <= at)
      return Promise.resolve(false);
    this.approval = { ...this.approval, decision, approver };
    return Promise.resolve(true);
  };

  settle = (_: string, settled: 'delivered' | 'expired') => {
    const { taskToken: __, ...rest } = this.approval!;
    this.approval = { ...rest, settled };
    return Promise.resolve();
  };

  deliver = (_: string, decision: Decision) => {
    if (!this.waits) return Promise.resolve(false);
    this.waits = false;
    this.delivered.push(decision);
    return Promise.resolve(true);
  };
}

const open = () => new OneApproval({ customerId: 'c-7', expiresAt, taskToken: 'token' });
const ask = (approvals: OneApproval, decision: Decision, approver = 'a-1', now = inTime) =>
  decide({ orderId: 'o-1', decision, approver }, { approvals, deliver: approvals.deliver, now });

it('a decision is delivered once, and the token is forgotten', async () => {
  const approvals = open();
  expect(await ask(approvals, 'approve')).toBe('approved');
  expect(await ask(approvals, 'reject')).toBe('already decided');
  expect(approvals.delivered).toEqual(['approve']);
  expect(approvals.approval).not.toHaveProperty('taskToken');
});

it('a rejection is one', async () => {
  expect(await ask(open(), 'reject')).toBe('rejected');
});

it('of many at once one decides', async () => {
  const approvals = open();
  const answers = await Promise.all(['a-1', 'a-2', 'a-3'].map((approver) => ask(approvals, 'approve', approver)));
  expect(answers.filter((one) => one === 'approved')).toHaveLength(1);
  expect(answers.filter((one) => one === 'already decided')).toHaveLength(2);
  expect(approvals.delivered).toEqual(['approve']);
  expect(approvals.approval?.settled).toBe('delivered');
});

it('nobody asked about, the customer, and too late are told so', async () => {
  expect(await ask(new OneApproval(undefined), 'approve')).toBe('not found');
  expect(await ask(open(), 'approve', 'c-7')).toBe('forbidden');
  expect(await ask(open(), 'approve', 'a-1', tooLate)).toBe('expired');
});

it('a decision for a state machine that waits no more is expired, and stays so', async () => {
  const approvals = open();
  approvals.waits = false;
  expect(await ask(approvals, 'approve')).toBe('expired');
  expect(await ask(approvals, 'approve')).toBe('expired');
});

it('a decision that was written and not delivered is delivered by whoever comes next, as it was', async () => {
  const approvals = new OneApproval({
    customerId: 'c-7',
    expiresAt,
    taskToken: 'token',
    decision: 'reject',
    approver: 'a-1',
  });
  expect(await ask(approvals, 'approve', 'a-2')).toBe('already decided');
  expect(approvals.delivered).toEqual(['reject']);
});
