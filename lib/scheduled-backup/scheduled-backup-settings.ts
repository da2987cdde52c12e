import { z } from 'zod';

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'use the name of a bucket');
const keyArn = z.string().regex(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'use the ARN of a KMS key, not an alias');

/** Settings of scheduled-backup, from `-c scheduled-backup='{…}'` or the key `scheduled-backup` of the context. */
export const scheduledBackupSettings = z
  .strictObject({
    /** Existing bucket to back up. @default a new bucket */
    sourceBucketName: bucketName.optional(),
    /** Customer managed key that the existing bucket is encrypted with. */
    sourceKeyArn: keyArn.optional(),
    /** Schedule in the syntax of EventBridge Scheduler. */
    scheduleExpression: z
      .string()
      .regex(/^(cron|rate)\(.+\)$/, "use cron(…) or rate(…), such as 'cron(0 0 * * ? *)'")
      .default('cron(0 0 * * ? *)'),
    /** IANA time zone of the schedule and of the day that names a backup. */
    timeZone: z.string().refine(isTimeZone, "use an IANA time zone, such as 'Europe/Berlin'").default('UTC'),
    /** Longest delay after which a backup may still start. */
    maximumStartAgeSeconds: z.int().min(60).max(86_400).default(3_600),
    /** Retries of a failed start. */
    startRetries: z.int().min(0).max(185).default(10),
    /** Backups of older days are removed after a complete run, but never the newest complete one. */
    retentionDays: z.int().min(1).max(3_650).default(35),
    /** Days for which copies can be neither changed nor removed in prod; 0: no lock. */
    objectLockDays: z.int().min(0).max(3_650).default(30),
    /** `compliance` also binds the root user of the account. */
    objectLockMode: z.enum(['governance', 'compliance']).default('governance'),
    /** Days after which copies move to Glacier Instant Retrieval. @default they stay in their storage class */
    coldStorageAfterDays: z.int().min(1).max(3_650).optional(),
    /** Buckets beside the source that a restore may write to. */
    restoreTargets: z.array(bucketName).max(20).default([]),
    /** Larger objects are copied in parts. @default 5,120 in prod, which is S3's limit; 16 in sandbox, so that tests copy in parts */
    multipartThresholdMegabytes: z.int().min(10).max(5_120).optional(),
    /** Most objects of one batch. */
    batchItems: z.int().min(1).max(1_000).default(100),
    /** Batches copied at once. */
    maximumConcurrency: z.int().min(1).max(1_000).default(20),
    /** Objects of one batch copied at once. */
    objectsAtOnce: z.int().min(1).max(64).default(16),
    /** Objects of one manifest part. */
    partEntries: z.int().min(10).max(10_000).default(1_000),
    memoryMegabytes: z.int().min(256).max(10_240).default(512),
    /** Longest duration of a backup or a restore. */
    timeoutHours: z.int().min(1).max(143).default(12),
    /** Adds AWS Backup: daily and monthly backups of resources with the tag `backup=aws-backup`. */
    awsBackup: z.boolean().default(false),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (settings.objectLockDays > settings.retentionDays) {
      refuse(
        'objectLockDays',
        `use at most retentionDays (${settings.retentionDays}), or expired copies could not be removed`,
      );
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
