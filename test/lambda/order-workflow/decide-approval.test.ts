import { createOrder, canaries, loadHandler, namedError, TestEnvironment } from './test-environment';

const decide = loadHandler<{ orderId: string; status: string }>('decide-approval');
let environment: TestEnvironment;
beforeEach(() => {
  environment = new TestEnvironment();
  environment.putOrder(createOrder(), { status: { S: 'awaiting-approval' } });
});
afterEach(() => {
  expect(environment.leaked).toEqual([]);
  jest.restoreAllMocks();
});

/** Stores a request for approval that expires after these seconds. */
function ask(seconds = 600): void {
  environment.tables.put('Approvals', {
    orderId: { S: 'o-1001' },
    taskToken: { S: canaries.token },
    customerId: { S: 'c-7' },
    expiresAt: { S: new Date(Date.now() + seconds * 1_000).toISOString() },
  });
}
const answer = async (decision: string, approver = 'a-1', comment = 'fine') =>
  (await decide({ orderId: 'o-1001', decision, approver, comment })).status;

it.each([
  ['approve', 'approved', 'approved'],
  ['reject', 'rejected', 'approval refused'],
])('sends the decision %s to the state machine once and records it', async (decision, status, milestone) => {
  ask();
  expect(await answer(decision)).toBe(status);
  expect(await answer('approve', 'a-2')).toBe('already decided');
  expect(environment.delivered).toEqual([{ token: canaries.token, output: { decision, approver: 'a-1' } }]);
  expect(environment.timeline('o-1001')).toEqual({ received: '', [milestone]: 'by a-1' });
  expect(environment.text('Approvals', 'o-1001', 'taskToken')).toBeUndefined();
});

it('accepts one of several concurrent decisions', async () => {
  ask();
  const statuses = await Promise.all(['a-1', 'a-2', 'a-3'].map((approver) => answer('reject', approver)));
  expect(statuses.filter((one) => one === 'rejected')).toHaveLength(1);
  expect(statuses.filter((one) => one === 'already decided')).toHaveLength(2);
  expect(environment.delivered).toHaveLength(1);
  expect(environment.text('Approvals', 'o-1001', 'settled')).toBe('delivered');
});

it('refuses unknown orders, late decisions and the customer, and sends nothing', async () => {
  expect(await answer('approve')).toBe('not found');
  ask(-1);
  expect(await answer('approve')).toBe('expired');
  ask();
  expect(await answer('approve', 'c-7')).toBe('forbidden');
  expect(environment.delivered).toEqual([]);
  expect(environment.timeline('o-1001')).toEqual({ received: '' });
});

it('sends a recorded decision that was not sent, unchanged, on the next call', async () => {
  ask();
  environment.before = (command) => {
    if (command.constructor.name === 'SendTaskSuccessCommand') throw namedError('ThrottlingException');
  };
  await expect(answer('reject')).rejects.toMatchObject({ name: 'ThrottlingException' });
  environment.before = () => undefined;
  expect(await answer('approve', 'a-2')).toBe('already decided');
  expect(environment.delivered).toEqual([{ token: canaries.token, output: { decision: 'reject', approver: 'a-1' } }]);
});

it('keeps a decision in time for a later execution if none waits now', async () => {
  environment.putOrder(createOrder(), { status: { S: 'needs-attention' } });
  ask();
  environment.before = (command) => {
    if (command.constructor.name === 'SendTaskSuccessCommand') throw namedError('TaskTimedOut');
  };
  expect(await answer('approve')).toBe('approved');
  expect(await answer('reject', 'a-2')).toBe('already decided');
  expect(environment.text('Approvals', 'o-1001', 'decision')).toBe('approve');
  expect(environment.text('Approvals', 'o-1001', 'settled')).toBeUndefined();
  expect(environment.timeline('o-1001')).toEqual({ received: '', approved: 'by a-1' });
});

it.each(['rejected', 'failed'])('answers expired for an order that is %s', async (status) => {
  environment.putOrder(createOrder(), { status: { S: status } });
  ask();
  environment.before = (command) => {
    if (command.constructor.name === 'SendTaskSuccessCommand') throw namedError('TaskTimedOut');
  };
  expect(await answer('approve')).toBe('expired');
  expect(environment.timeline('o-1001')).toEqual({ received: '' });
});

it('names every wrong field and no value, and logs no comment', async () => {
  const wrong = decide({ orderId: 'o-1001', decision: canaries.email, approver: '', comment: 1 });
  await expect(wrong).rejects.toMatchObject({
    name: 'InvalidInputError',
    message: 'wrong or missing: decision, approver, comment',
  });
  ask();
  expect(await answer('approve', 'a-1', `asked ${canaries.email}`)).toBe('approved');
});
