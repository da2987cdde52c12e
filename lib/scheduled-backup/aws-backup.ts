import { Aws, Duration, Stack, Validations } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupVault, CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { alarmPeriod, RunbookAlarm } from '../constructs/runbook-alarm';
import { stackUniqueName } from '../constructs/stack-unique-name';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';

export interface AwsBackupProps {
  readonly config: Config;
  readonly topic: ITopic;
  /** Retention of daily recovery points, in days. */
  readonly dailyDays: number;
}

/** Tag of the resources that AWS Backup backs up. */
export const backupTag = { key: 'backup', value: 'aws-backup' } as const;

/** Retention of monthly recovery points, in days: a year and a month. */
const monthlyDays = 396;

/**
 * AWS's managed policies for the role of AWS Backup, for backups only: whoever starts a restore names a role for it. The reason for
 * managed policies is in docs/adr/0024-aws-backup-has-the-policies-of-aws.md.
 */
const servicePolicies = ['service-role/AWSBackupServiceRolePolicyForBackup', 'AWSBackupServiceRolePolicyForS3Backup'];

/**
 * AWS Backup plan for every DynamoDB table, RDS database, EBS volume, EFS file system and S3 bucket with the tag: daily and monthly,
 * in a vault that is locked in prod.
 */
export class AwsBackup extends Construct {
  constructor(scope: Construct, id: string, props: AwsBackupProps) {
    super(scope, id);
    const { config, topic, dailyDays } = props;
    const vault = new BackupVault(this, 'Vault', {
      // CDK makes a name of the construct path, which is the same in both stages of one account.
      backupVaultName: stackUniqueName(this, id),
      removalPolicy: dataRemovalPolicy(config),
      // Without `changeableFor` the lock is in governance mode: principals with the permission can lift it.
      ...(config.retainData
        ? {
            lockConfiguration: {
              minRetention: Duration.days(7),
              maxRetention: Duration.days(Math.max(dailyDays, monthlyDays)),
            },
          }
        : {}),
    });
    const plan = new BackupPlan(this, 'Plan', { backupVault: vault });
    plan.addRule(
      new BackupPlanRule({
        ruleName: 'Daily',
        scheduleExpression: Schedule.cron({ hour: '1', minute: '0' }),
        startWindow: Duration.hours(1),
        completionWindow: Duration.hours(12),
        deleteAfter: Duration.days(Math.max(dailyDays, 7)),
      }),
    );
    plan.addRule(
      new BackupPlanRule({
        ruleName: 'Monthly',
        scheduleExpression: Schedule.cron({ hour: '3', minute: '0', day: '1' }),
        startWindow: Duration.hours(1),
        completionWindow: Duration.hours(24),
        deleteAfter: Duration.days(monthlyDays),
      }),
    );
    this.addSelection(plan);
    const alarmOn = (id: string, metricName: string, runbook: string, meaning: string): void =>
      void new RunbookAlarm(this, id, {
        topic,
        runbook,
        meaning,
        metric: new Metric({
          namespace: 'AWS/Backup',
          metricName,
          dimensionsMap: { BackupVaultName: vault.backupVaultName },
          statistic: 'Sum',
          period: alarmPeriod,
        }),
        threshold: 1,
        evaluationPeriods: 1,
      });
    alarmOn(
      'Failed',
      'NumberOfBackupJobsFailed',
      'aws-backup-failed',
      'AWS Backup could not back up a resource with its tag.',
    );
    // A job that does not start within its window is expired, not failed, and so is one that does not end within its window.
    // https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
    alarmOn(
      'Expired',
      'NumberOfBackupJobsExpired',
      'aws-backup-expired',
      'A job of AWS Backup did not start or end within its window.',
    );
  }

  private addSelection(plan: BackupPlan): void {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'AWS Backup of resources with its tag',
      managedPolicies: servicePolicies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
    Validations.of(role).acknowledge(
      ...servicePolicies.map((name) => ({
        id: `AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`,
        reason: 'AWS maintains these policies for AWS Backup; a copy of them would fall behind (ADR 24).',
      })),
    );
    const ofType = (service: string, resource: string): string => `arn:${Aws.PARTITION}:${service}:*:*:${resource}`;
    new CfnBackupSelection(this, 'Tagged', {
      backupPlanId: plan.backupPlanId,
      backupSelection: {
        selectionName: 'tagged',
        iamRoleArn: role.roleArn,
        resources: [
          ofType('dynamodb', 'table/*'),
          ofType('rds', 'db:*'),
          ofType('rds', 'cluster:*'),
          ofType('ec2', 'volume/*'),
          ofType('elasticfilesystem', 'file-system/*'),
          `arn:${Aws.PARTITION}:s3:::*`,
        ],
        // Only resources of these types that have the tag.
        conditions: {
          StringEquals: [{ ConditionKey: `aws:ResourceTag/${backupTag.key}`, ConditionValue: backupTag.value }],
        },
      },
    });
  }
}
