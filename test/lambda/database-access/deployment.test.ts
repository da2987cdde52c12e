import { answer, settle, type Attempt, type Deployment } from '../../../lambda/database-access/deployment';

const deployment: Deployment = {
  RequestType: 'Update',
  ResponseURL: 'https://answers.example/x',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Migrations',
};

function attempts(...outcomes: Attempt[]) {
  let made = 0;
  return { attempt: () => Promise.resolve(outcomes[made++] ?? outcomes.at(-1)!), made: () => made };
}
const unavailable: Attempt = { outcome: 'unavailable', reason: 'no capacity' };
const migrated: Attempt = { outcome: 'migrated', version: 3 };

function clock(milliseconds: number) {
  let left = milliseconds;
  return { remaining: () => left, sleep: (slept: number) => Promise.resolve(void (left -= slept)) };
}

it('a proxy without capacity is waited for', async () => {
  const { attempt, made } = attempts(unavailable, unavailable, migrated);
  await expect(settle(deployment, attempt, clock(60_000))).resolves.toMatchObject({ Status: 'SUCCESS' });
  expect(made()).toBe(3);
});

it('a database that never comes fails the deployment, with the reason', async () => {
  const ended = await settle(deployment, attempts(unavailable).attempt, clock(60_000));
  expect(ended).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no capacity') as string });
});

it('a failing migration fails the deployment with its message, at once', async () => {
  const { attempt, made } = attempts({ outcome: 'failed', reason: 'migration 4 (x) failed: no such column' });
  await expect(settle(deployment, attempt, clock(60_000))).resolves.toMatchObject({
    Status: 'FAILED',
    Reason: 'migration 4 (x) failed: no such column',
  });
  expect(made()).toBe(1);
});

it('a stack that is deleted runs nothing', async () => {
  const { attempt, made } = attempts(migrated);
  await expect(settle({ ...deployment, RequestType: 'Delete' }, attempt, clock(0))).resolves.toMatchObject({
    Status: 'SUCCESS',
  });
  expect(made()).toBe(0);
});

it('the resource stays the same one, or CloudFormation would delete it as replaced', () => {
  expect(answer(deployment, 'SUCCESS', '').PhysicalResourceId).toBe('schema');
  expect(answer({ ...deployment, PhysicalResourceId: 'first' }, 'SUCCESS', '').PhysicalResourceId).toBe('first');
});

it('an answer is short enough for CloudFormation', () => {
  expect(JSON.stringify(answer(deployment, 'FAILED', 'x'.repeat(10_000))).length).toBeLessThan(4_096);
});
