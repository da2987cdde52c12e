import { Match, type Template } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../synthesis';

const on = { 'scheduled-backup': { awsBackup: true, retentionDays: 35 } };
const sandbox = synthesize(on).template('ScheduledBackup');
const prod = synthesize({ ...on, stage: 'prod' }).template('ScheduledBackup');

const vault = (template: Template) =>
  Object.values(template.findResources('AWS::Backup::BackupVault')) as {
    DeletionPolicy: string;
    Properties: { LockConfiguration?: object };
  }[];

it('adds nothing without the setting', () => {
  synthesize().template('ScheduledBackup').resourceCountIs('AWS::Backup::BackupPlan', 0);
});

it('deletes daily and monthly recovery points after their retention', () => {
  sandbox.hasResourceProperties('AWS::Backup::BackupPlan', {
    BackupPlan: {
      BackupPlanRule: [
        Match.objectLike({ RuleName: 'Daily', Lifecycle: { DeleteAfterDays: 35 } }),
        Match.objectLike({ RuleName: 'Monthly', Lifecycle: { DeleteAfterDays: 396 } }),
      ],
    },
  });
});

it('backs up resources of five services that have the tag', () => {
  sandbox.hasResourceProperties('AWS::Backup::BackupSelection', {
    BackupSelection: {
      Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/backup', ConditionValue: 'aws-backup' }] },
    },
  });
  const text = JSON.stringify(sandbox.findResources('AWS::Backup::BackupSelection'));
  for (const type of [':dynamodb:', ':rds:', ':ec2:', ':elasticfilesystem:', ':s3:']) expect(text).toContain(type);
});

it('locks and retains the vault in prod, and deletes it with the stack in sandbox', () => {
  expect(vault(prod)).toMatchObject([
    {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { LockConfiguration: { MinRetentionDays: 7, MaxRetentionDays: 396 } },
    },
  ]);
  expect(vault(sandbox)).toMatchObject([{ DeletionPolicy: 'Delete' }]);
  expect(vault(sandbox)[0]?.Properties.LockConfiguration).toBeUndefined();
});

it.each([35, 396, 3_650])('the lock of the vault permits daily recovery points of %i days', (retentionDays) => {
  const settings = { 'scheduled-backup': { awsBackup: true, retentionDays } };
  const [locked] = vault(synthesize({ ...settings, stage: 'prod' }).template('ScheduledBackup'));
  const maximum = Math.max(396, retentionDays);
  expect(locked?.Properties.LockConfiguration).toEqual({ MinRetentionDays: 7, MaxRetentionDays: maximum });
});

it('the name of the vault is that of its stack, so that both stages fit into one account', () => {
  const names = [sandbox, prod].map((template) => JSON.stringify(vault(template)[0]?.Properties));
  expect(names[0]).toContain('ScheduledBackup-AwsBackup');
  expect(names[1]).toContain('ScheduledBackup-prod-AwsBackup');
});

it('lets AWS Backup back up but not restore, in this account only', () => {
  const roles = Object.values(sandbox.findResources('AWS::IAM::Role')) as {
    Properties: { AssumeRolePolicyDocument: { Statement: { Principal: object }[] }; ManagedPolicyArns?: unknown[] };
  }[];
  const own = roles.filter(({ Properties }) => JSON.stringify(Properties).includes('backup.amazonaws.com'));
  expect(own).toHaveLength(1);
  expect(own[0]?.Properties).toMatchObject({
    AssumeRolePolicyDocument: {
      Statement: [{ Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } }],
    },
    ManagedPolicyArns: [
      'service-role/AWSBackupServiceRolePolicyForBackup',
      'AWSBackupServiceRolePolicyForS3Backup',
    ].map((name) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`]] })),
  });
});

it.each(['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired'])('raises an alarm on %s', (MetricName) => {
  const [vaultId] = Object.keys(sandbox.findResources('AWS::Backup::BackupVault'));
  sandbox.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Backup',
    MetricName,
    Dimensions: [{ Name: 'BackupVaultName', Value: { 'Fn::GetAtt': [vaultId, 'BackupVaultName'] } }],
    Threshold: 1,
  });
});
