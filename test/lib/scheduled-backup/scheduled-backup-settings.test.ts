import { scheduledBackupSettings } from '../../../lib/scheduled-backup/scheduled-backup-settings';

const issues = (input: object): string[] =>
  (scheduledBackupSettings.safeParse(input).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

it('by default a restore has no other targets, and AWS Backup is off', () => {
  expect(scheduledBackupSettings.parse({})).toMatchObject({ awsBackup: false, restoreTargets: [] });
});

it.each([
  [{ timeZone: 'Berlin' }, /timeZone: use an IANA time zone/],
  [{ scheduleExpression: '0 0 * * *' }, /scheduleExpression: use one time of every day/],
  [{ scheduleExpression: 'rate(1 day)' }, /scheduleExpression: use one time of every day/],
  [{ scheduleExpression: 'cron(0 4 ? * SUN *)' }, /scheduleExpression: use one time of every day/],
  [{ retentionDays: 35, objectLockDays: 40 }, /objectLockDays: use at most retentionDays \(35\)/],
  [{ sourceKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/a' }, /sourceKeyArn: set sourceBucketName too/],
  [
    { restoreTargetKeyArns: ['arn:aws:kms:eu-west-1:111111111111:key/a'] },
    /restoreTargetKeyArns: set restoreTargets too/,
  ],
  [{ sourceBucketName: 'a/b' }, /sourceBucketName: use the name of a bucket/],
  [
    { sourceBucketName: 'my-bucket', sourceKeyArn: 'arn:aws:kms:eu-west-1:111111111111:alias/a' },
    /sourceKeyArn: use the ARN of a KMS key/,
  ],
])('refuses %j and names the fix', (input, message) => {
  expect(issues(input).join('\n')).toMatch(message);
});

it('the alarm on missed backups stays within the week that CloudWatch evaluates', () => {
  const { timeoutHours } = scheduledBackupSettings.parse({ timeoutHours: 143 });
  expect(24 + timeoutHours + 1).toBeLessThanOrEqual(168);
  expect(issues({ timeoutHours: 144 })).toHaveLength(1);
});
