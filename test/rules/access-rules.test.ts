import { accessRules } from './access-rules';
import { changed, extended, policy, ruleOf, sound, testRules, type Resources } from './sound-template';

/** Role that a service assumes, with an AWS managed policy as CDK writes it. */
function backupRole(policy: string, Service = 'backup.amazonaws.com'): Resources {
  const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${policy}`]] };
  const AssumeRolePolicyDocument = { Statement: [{ Effect: 'Allow', Principal: { Service } }] };
  return {
    ServiceBackup: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument, ManagedPolicyArns: [arn] } },
  };
}

const functionRole = Object.keys(sound.Resources).find((id) => /^ResizeImageRole[0-9A-F]{8}$/.test(id)) ?? '';
const uploadBucket = Object.keys(sound.Resources).find((id) => /^Upload[0-9A-F]{8}$/.test(id)) ?? '';

testRules(accessRules, [
  [
    /managed policy/,
    changed('AWS::IAM::Role', (p) => Object.assign(p, { ManagedPolicyArns: ['arn:x'] })),
    /has a managed policy/,
  ],
  [
    /managed policy/,
    extended(backupRole('service-role/AWSBackupServiceRolePolicyForRestores')),
    /ServiceBackup has a managed policy .*ForRestores/,
  ],
  [
    /managed policy/,
    extended(backupRole('service-role/AWSBackupServiceRolePolicyForBackup', 'lambda.amazonaws.com')),
    /ServiceBackup has a managed policy .*ForBackup/,
  ],
  [/wildcard action/, extended(policy({ Action: 's3:*', Resource: 'arn' })), /allows s3:\*/],
  [/names its resources/, extended(policy({ Action: 's3:GetObject', Resource: '*' })), /on every resource/],
  [
    /recursion/,
    extended(
      policy(
        { Action: 's3:PutObject', Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [uploadBucket, 'Arn'] }, '/*']] } },
        functionRole,
      ),
    ),
    /may write under '' in it/,
  ],
  [
    /environment variable/,
    changed('AWS::Lambda::Function', (p) =>
      Object.assign(p, { Environment: { Variables: { DB_PASSWORD: 'hunter2' } } }),
    ),
    /DB_PASSWORD as plain text/,
  ],
]);

it('the role of AWS Backup may have the policies that AWS keeps for backups', async () => {
  const role = backupRole('service-role/AWSBackupServiceRolePolicyForBackup');
  expect(await ruleOf(accessRules, /managed policy/).breaches(extended(role))).toEqual([]);
});
