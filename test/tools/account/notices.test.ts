import { noticesOf } from '../../../tools/account/notices';

const none = { concurrency: 1_000, leftOut: 0, variants: [] };
const withType = (Type: string) => ({ Resources: { One: { Type } } });

it("a new account's ten concurrent executions are named first", () => {
  const [first] = noticesOf(withType('AWS::RDS::DBInstance'), { ...none, concurrency: 10 });
  expect(first).toMatch(/run 10 at a time .*Service Quotas/);
  expect(noticesOf({ Resources: {} }, { ...none, concurrency: undefined })).toEqual([]);
});

it.each([
  ['AWS::RDS::DBInstance', /20 minutes/],
  ['AWS::EC2::VPC', /no default VPC/],
  ['AWS::SES::EmailIdentity', /sandbox of a new account/],
])('%s has a notice', (type, expected) => {
  expect(noticesOf(withType(type), none)).toEqual([expect.stringMatching(expected)]);
});

it('what is left out is named', () => {
  const notices = noticesOf({ Resources: {} }, { ...none, leftOut: 2, variants: ['fifo', 'mysql'] });
  expect(notices.join(' ')).toMatch(/2 proofs are left out.*fifo, mysql/);
});
