import { anOrder, canaries, load, named, Surroundings } from './surroundings';

const decide = load<{ orderId: string; status: string }>('decide-approval');
let around: Surroundings;
beforeEach(() => {
  around = new Surroundings();
  around.receive(anOrder(), { status: { S: 'awaiting-approval' } });
});
afterEach(() => {
  expect(around.leaked).toEqual([]);
  jest.restoreAllMocks();
});

/** A request for approval that expires so many seconds from now. */
function ask(seconds = 600): void {
  around.tables.put('Approvals', {
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
])('%s reaches the state machine once and is in the timeline', async (decision, status, milestone) => {
  ask();
  expect(await answer(decision)).toBe(status);
  expect(await answer('approve', 'a-2')).toBe('already decided');
  expect(around.delivered).toEqual([{ token: canaries.token, output: { decision, approver: 'a-1' } }]);
  expect(around.timeline('o-1001')).toEqual({ received: '', [milestone]: 'by a-1' });
  expect(around.text('Approvals', 'o-1001', 'taskToken')).toBeUndefined();
});

it('of two at once one decides', async () => {
  ask();
  const both = await Promise.all([answer('approve', 'a-1'), answer('reject', 'a-2')]);
  expect(both.filter((one) => one === 'already decided')).toHaveLength(1);
  expect(new Set(around.delivered.map((one) => JSON.stringify(one))).size).toBe(1);
});

it('nobody asked, too late, and the customer are told so, and nothing is delivered', async () => {
  expect(await answer('approve')).toBe('not found');
  ask(-1);
  expect(await answer('approve')).toBe('expired');
  ask();
  expect(await answer('approve', 'c-7')).toBe('forbidden');
  expect(around.delivered).toEqual([]);
  expect(around.timeline('o-1001')).toEqual({ received: '' });
});

it('a decision that was written and not delivered is delivered as it was when somebody comes again', async () => {
  ask();
  around.before = (command) => {
    if (command.constructor.name === 'SendTaskSuccessCommand') throw named('ThrottlingException');
  };
  await expect(answer('reject')).rejects.toMatchObject({ name: 'ThrottlingException' });
  around.before = () => undefined;
  expect(await answer('approve', 'a-2')).toBe('already decided');
  expect(around.delivered).toEqual([{ token: canaries.token, output: { decision: 'reject', approver: 'a-1' } }]);
});

it('a machine that waits no more makes the decision expired', async () => {
  ask();
  around.before = (command) => {
    if (command.constructor.name === 'SendTaskSuccessCommand') throw named('TaskTimedOut');
  };
  expect(await answer('approve')).toBe('expired');
  expect(around.timeline('o-1001')).toEqual({ received: '' });
});

it('every wrong field is named and none of their values; comments are in no log line', async () => {
  const wrong = decide({ orderId: 'o-1001', decision: canaries.email, approver: '', comment: 1 });
  await expect(wrong).rejects.toMatchObject({
    name: 'InvalidInput',
    message: 'wrong or missing in the input: decision, approver, comment',
  });
  ask();
  expect(await answer('approve', 'a-1', `asked ${canaries.email}`)).toBe('approved');
});
