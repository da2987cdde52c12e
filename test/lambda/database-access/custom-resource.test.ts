import {
  customResourceRequestSchema,
  migrateForDeployment,
  respond,
  type CustomResourceRequest,
  type MigrateOutcome,
} from '../../../lambda/database-access/custom-resource';

const request: CustomResourceRequest = {
  RequestType: 'Update',
  ResponseURL: 'https://answers.example/x',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Migrations',
  ResourceProperties: { LogGroupNames: [], LogRetentionDays: 30 },
};

it('reads what CloudFormation sends, numbers as strings', () => {
  const sent = {
    ...request,
    ResourceProperties: { LogGroupNames: ['a', 'b'], LogRetentionDays: '365', ServiceToken: 'x' },
  };
  expect(customResourceRequestSchema.parse(sent).ResourceProperties).toEqual({
    LogGroupNames: ['a', 'b'],
    LogRetentionDays: 365,
  });
});

function outcomes(...results: MigrateOutcome[]) {
  let made = 0;
  return { migrate: () => Promise.resolve(results[made++] ?? results.at(-1)!), made: () => made };
}
const unavailable: MigrateOutcome = { outcome: 'unavailable', reason: 'no capacity' };
const migrated: MigrateOutcome = { outcome: 'migrated', version: 3 };

function clock(milliseconds: number) {
  let left = milliseconds;
  return { remaining: () => left, sleep: (slept: number) => Promise.resolve(void (left -= slept)) };
}

it('waits for a proxy without capacity', async () => {
  const { migrate, made } = outcomes(unavailable, unavailable, migrated);
  await expect(migrateForDeployment(request, migrate, clock(60_000))).resolves.toMatchObject({ Status: 'SUCCESS' });
  expect(made()).toBe(3);
});

it('fails the deployment with the reason when the database stays unavailable', async () => {
  const ended = await migrateForDeployment(request, outcomes(unavailable).migrate, clock(60_000));
  expect(ended).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no capacity') as string });
});

it('starts no pause that would outlast the time for attempts', async () => {
  const { migrate, made } = outcomes(unavailable);
  const paused = clock(4_000);
  await migrateForDeployment(request, migrate, paused);
  expect({ attempts: made(), remaining: paused.remaining() }).toEqual({ attempts: 1, remaining: 4_000 });
});

it('fails the deployment at once with the message of a failing migration', async () => {
  const { migrate, made } = outcomes({ outcome: 'failed', reason: 'migration 4 (x) failed: no such column' });
  await expect(migrateForDeployment(request, migrate, clock(60_000))).resolves.toMatchObject({
    Status: 'FAILED',
    Reason: 'migration 4 (x) failed: no such column',
  });
  expect(made()).toBe(1);
});

it('runs nothing when the stack is deleted', async () => {
  const { migrate, made } = outcomes(migrated);
  await expect(migrateForDeployment({ ...request, RequestType: 'Delete' }, migrate, clock(0))).resolves.toMatchObject({
    Status: 'SUCCESS',
  });
  expect(made()).toBe(0);
});

it('keeps the physical id, or CloudFormation would delete the resource as replaced', () => {
  expect(respond(request, 'SUCCESS', '').PhysicalResourceId).toBe('schema');
  expect(respond({ ...request, PhysicalResourceId: 'first' }, 'SUCCESS', '').PhysicalResourceId).toBe('first');
});

it('keeps a response within the size limit of CloudFormation', () => {
  expect(JSON.stringify(respond(request, 'FAILED', 'x'.repeat(10_000))).length).toBeLessThan(4_096);
});
