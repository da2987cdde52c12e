import { z } from 'zod';
import { dailyTimeOf } from './daily-time';

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'use the name of a bucket');
const keyArn = z.string().regex(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'use the ARN of a KMS key, not an alias');

/** Settings of scheduled-backup, from `-c scheduled-backup='{…}'` or the key `scheduled-backup` of the context. */
export const scheduledBackupSettings = z
  .strictObject({
    sourceBucketName: bucketName.optional().describe('Existing bucket to back up. Default: a new bucket.'),
    sourceKeyArn: keyArn.optional().describe('Customer managed key that the existing bucket is encrypted with.'),
    scheduleExpression: z
      .string()
      .refine((text) => dailyTimeOf(text) !== undefined, "use one time of every day, such as 'cron(0 4 * * ? *)'")
      // Four in the morning: the clocks of no time zone skip it.
      .default('cron(0 4 * * ? *)')
      .describe('Daily schedule in the syntax of EventBridge Scheduler: `cron(minute hour * * ? *)`.'),
    timeZone: z
      .string()
      .refine(isTimeZone, "use an IANA time zone, such as 'Europe/Berlin'")
      .default('UTC')
      .describe('IANA time zone of the schedule and of the day that names a backup.'),
    maximumStartAgeSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(3_600)
      .describe('Longest delay after which a backup may still start.'),
    startRetries: z.int().min(0).max(185).default(10).describe('Retries of a failed start.'),
    retentionDays: z
      .int()
      .min(1)
      .max(3_650)
      .default(35)
      .describe('Backups of older days are removed after a complete run, but never the newest complete one.'),
    objectLockDays: z
      .int()
      .min(0)
      .max(3_650)
      .default(30)
      .describe('Days for which copies can be neither changed nor removed in prod; 0: no lock.'),
    objectLockMode: z
      .enum(['governance', 'compliance'])
      .default('governance')
      .describe('`compliance` also binds the root user of the account.'),
    coldStorageAfterDays: z
      .int()
      .min(1)
      .max(3_650)
      .optional()
      .describe(
        'Days after which copies move to Glacier Instant Retrieval. Default: they stay in their storage class.',
      ),
    restoreTargets: z
      .array(bucketName)
      .max(20)
      .default([])
      .describe('Buckets beside the source that a restore may write to.'),
    restoreTargetKeyArns: z
      .array(keyArn)
      .max(20)
      .default([])
      .describe('Customer managed keys that these buckets are encrypted with.'),
    multipartThresholdMegabytes: z
      .int()
      .min(10)
      .max(5_120)
      .optional()
      .describe(
        "Larger objects are copied in parts. Default: 5,120 in prod, which is S3's limit; 16 in sandbox, so that tests copy in parts.",
      ),
    batchItems: z.int().min(1).max(1_000).default(100).describe('Most objects of one batch.'),
    maximumConcurrency: z
      .int()
      .min(1)
      .max(1_000)
      .default(5)
      .describe(
        'Batches or manifest parts at once. A new account has ten concurrent executions for all its functions.',
      ),
    objectsAtOnce: z.int().min(1).max(64).default(16).describe('Objects of one batch copied at once.'),
    partEntries: z.int().min(10).max(10_000).default(1_000).describe('Objects of one manifest part.'),
    memoryMegabytes: z.int().min(256).max(10_240).default(512).describe('CPU and network grow in proportion to it.'),
    timeoutHours: z.int().min(1).max(143).default(12).describe('Longest duration of a backup or a restore.'),
    awsBackup: z
      .boolean()
      .default(false)
      .describe('Adds AWS Backup: daily and monthly backups of resources with the tag `backup=aws-backup`.'),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (settings.objectLockDays > settings.retentionDays) {
      refuse(
        'objectLockDays',
        `use at most retentionDays (${settings.retentionDays}), or expired copies could not be removed`,
      );
    }
    if (settings.restoreTargetKeyArns.length > 0 && settings.restoreTargets.length === 0) {
      refuse('restoreTargetKeyArns', 'set restoreTargets too: the keys are those of its buckets');
    }
    if (settings.sourceKeyArn !== undefined && settings.sourceBucketName === undefined) {
      refuse('sourceKeyArn', 'set sourceBucketName too: the bucket of the stack has no customer managed key');
    }
  });

export type ScheduledBackupSettings = z.output<typeof scheduledBackupSettings>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
