import { announcement, type Circumstances, type Deployment } from '../../../tools/account/announcement';

const deployment = (type: string, more: Partial<Deployment> = {}): Deployment => ({
  account: { account: '123456789012', region: 'eu-west-1', caller: 'arn:aws:sts::123456789012:assumed-role/dev/me' },
  ...{ stack: 'Photos', status: undefined, template: { Resources: { One: { Type: type } } }, settings: {} },
  ...more,
});
const usual: Circumstances = { concurrency: 1_000, leftOut: 0, variants: [], keep: false, month: 73 };

it('says where and what is deployed, what an hour costs, and that everything goes at the end', () => {
  expect(announcement(deployment('AWS::S3::Bucket'), usual)).toEqual([
    'account 123456789012 in eu-west-1, as arn:aws:sts::123456789012:assumed-role/dev/me',
    'deploys Photos: 1 resources',
    expect.stringMatching(/^costs \$0\.10 an hour while it is deployed/),
    'at the end the stack is destroyed with all its data',
  ]);
});

it('a stack that is there, settings, and what stays are named', () => {
  const lines = announcement(deployment('x', { status: 'CREATE_COMPLETE', settings: { fifo: true } }), {
    ...usual,
    keep: true,
  });
  expect(lines).toContain('Photos is deployed (CREATE_COMPLETE): goes on with it');
  expect(lines).toContain('with the settings of its proofs: fifo true');
  expect(lines.at(-1)).toBe('the stack stays deployed');
});

it("a new account's ten concurrent executions are named, and none where they are not known", () => {
  const text = (concurrency: number | undefined): string =>
    announcement(deployment('x'), { ...usual, concurrency }).join(' ');
  expect(text(10)).toMatch(/run 10 at a time .*Service Quotas/);
  expect(text(undefined)).not.toContain('Service Quotas');
});

it.each([
  ['AWS::RDS::DBInstance', /20 minutes/],
  ['AWS::EC2::VPC', /no default VPC/],
  ['AWS::SES::EmailIdentity', /sandbox of a new account/],
])('%s has a notice', (type, expected) => {
  expect(announcement(deployment(type), usual).join(' ')).toMatch(expected);
});

it('proofs that are left out are named', () => {
  const text = announcement(deployment('x'), { ...usual, leftOut: 2, variants: ['fifo', 'mysql'] }).join(' ');
  expect(text).toMatch(/2 proofs are left out.*fifo, mysql/);
});
