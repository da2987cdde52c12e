import { z } from 'zod';

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'use the name of a bucket');
const keyArn = z.string().regex(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'use the ARN of a KMS key, not an alias');

/** The settings of scheduled-backup, as `-c scheduled-backup='{…}'` or as the key `scheduled-backup` of the context. */
export const scheduledBackupSettings = z
  .strictObject({
    /** The existing bucket that is backed up. @default a bucket of the stack's own */
    sourceBucketName: bucketName.optional(),
    /** The customer key that the existing bucket is encrypted with. */
    sourceKeyArn: keyArn.optional(),
    /** When a backup is due, as EventBridge Scheduler writes it. */
    scheduleExpression: z
      .string()
      .regex(/^(cron|rate)\(.+\)$/, "use cron(…) or rate(…), such as 'cron(0 0 * * ? *)'")
      .default('cron(0 0 * * ? *)'),
    /** The IANA time zone of the schedule, and of the day that a backup is named by. */
    timeZone: z.string().refine(isTimeZone, "use an IANA time zone, such as 'Europe/Berlin'").default('UTC'),
    /** How late a backup that could not be started may still be started. */
    maximumStartAgeSeconds: z.int().min(60).max(86_400).default(3_600),
    /** How often the scheduler tries to start a backup again. */
    startRetries: z.int().min(0).max(185).default(10),
    /** Backups of older days are removed after a complete run, the newest complete one never. */
    retentionDays: z.int().min(1).max(3_650).default(35),
    /** For so long nobody changes or removes a copy in prod; 0 for no lock. */
    objectLockDays: z.int().min(0).max(3_650).default(30),
    /** `compliance` binds the account's root too. */
    objectLockMode: z.enum(['governance', 'compliance']).default('governance'),
    /** Copies move to Glacier Instant Retrieval after so many days. @default they stay in their storage class */
    coldStorageAfterDays: z.int().min(1).max(3_650).optional(),
    /** The buckets beside the source that a restore may write to. */
    restoreTargets: z.array(bucketName).max(20).default([]),
    /** Larger objects are copied in parts. @default 5,120 in prod, which is S3's limit; 16 in sandbox, so that parts are proved */
    multipartThresholdMegabytes: z.int().min(10).max(5_120).optional(),
    /** Objects of one batch at most. */
    batchItems: z.int().min(1).max(1_000).default(100),
    /** Batches at once. */
    maximumConcurrency: z.int().min(1).max(1_000).default(20),
    /** Objects of one batch at once. */
    objectsAtOnce: z.int().min(1).max(64).default(16),
    /** Objects of one part of a manifest. */
    partEntries: z.int().min(10).max(10_000).default(1_000),
    memoryMegabytes: z.int().min(256).max(10_240).default(512),
    /** The longest that a backup or a restore may take. */
    timeoutHours: z.int().min(1).max(143).default(12),
    /** AWS Backup beside it: daily and monthly backups of what carries the tag `backup=aws-backup`. */
    awsBackup: z.boolean().default(false),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (settings.objectLockDays > settings.retentionDays) {
      refuse(
        'objectLockDays',
        `use at most retentionDays (${settings.retentionDays}), or copies could not be removed when their time is over`,
      );
    }
    if (settings.sourceKeyArn !== undefined && settings.sourceBucketName === undefined) {
      refuse('sourceKeyArn', 'name sourceBucketName too: the bucket of the stack has no customer key');
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
