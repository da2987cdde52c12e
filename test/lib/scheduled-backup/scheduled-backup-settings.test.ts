import { scheduledBackupSettings } from '../../../lib/scheduled-backup/scheduled-backup-settings';

const issues = (input: object): string[] =>
  (scheduledBackupSettings.safeParse(input).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

it('without settings a backup is due at midnight UTC, and kept for 35 days', () => {
  expect(scheduledBackupSettings.parse({})).toMatchObject({
    scheduleExpression: 'cron(0 0 * * ? *)',
    timeZone: 'UTC',
    retentionDays: 35,
    awsBackup: false,
    restoreTargets: [],
  });
});

it.each([
  [{ timeZone: 'Berlin' }, /timeZone: use an IANA time zone/],
  [{ scheduleExpression: '0 0 * * *' }, /scheduleExpression: use cron\(…\) or rate\(…\)/],
  [{ objectLockDays: 40 }, /objectLockDays: use at most retentionDays \(35\)/],
  [{ sourceKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/a' }, /sourceKeyArn: name sourceBucketName too/],
  [{ sourceBucketName: 'a/b' }, /sourceBucketName: use the name of a bucket/],
  [
    { sourceBucketName: 'my-bucket', sourceKeyArn: 'arn:aws:kms:eu-west-1:111111111111:alias/a' },
    /sourceKeyArn: use the ARN of a KMS key/,
  ],
])('%j is refused with the fix', (input, said) => {
  expect(issues(input).join('\n')).toMatch(said);
});

it('the missed-backup alarm stays within the week that CloudWatch looks back', () => {
  const { timeoutHours } = scheduledBackupSettings.parse({ timeoutHours: 143 });
  expect(24 + timeoutHours + 1).toBeLessThanOrEqual(168);
  expect(issues({ timeoutHours: 144 })).toHaveLength(1);
});
