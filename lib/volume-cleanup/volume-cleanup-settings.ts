import { z } from 'zod';

const tagKey = z
  .string()
  .regex(/^[\w .:/=+@-]{1,128}$/, 'use a tag key of 1 to 128 letters, digits, spaces and _.:/=+-@');

/** Settings of volume-cleanup: `-c volume-cleanup='{…}'`, or the key `volume-cleanup` of the context in `cdk.json`. */
export const volumeCleanupSettings = z.strictObject({
  dryRun: z
    .boolean()
    .default(true)
    .describe(
      'Reports candidates and deletes nothing. With `false`, notices are sent, and the days of grace begin with them.',
    ),
  regions: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'use a region, such as eu-west-1'))
    .min(1)
    .max(30)
    .optional()
    .describe('Regions whose volumes are looked at. Default: the one of the stack.'),
  scheduleExpression: z
    .string()
    .regex(/^cron\(.+\)$/, 'use a daily cron expression, such as cron(0 6 * * ? *)')
    .default('cron(0 6 * * ? *)')
    .describe('Time of the daily run, in UTC.'),
  minimumAgeDays: z.int().min(1).max(3_650).default(30).describe('Days without an attachment, as daily runs saw it.'),
  graceDays: z.int().min(1).max(365).default(7).describe('Days between the notice and the deletion.'),
  exemptTags: z
    .array(tagKey)
    .min(1)
    .max(10)
    .default(['volume-cleanup:keep', 'aws:cloudformation:stack-name', 'kubernetes.io/created-for/pvc/name'])
    .describe('A resource with one of these tags is kept, whatever the value. The first is named in notices.'),
  ownerTag: tagKey
    .default('owner')
    .describe('Tag whose value is an attribute of notices, so that subscribers can filter.'),
  otherKinds: z
    .array(z.enum(['addresses', 'snapshots', 'instances']))
    .default(['addresses', 'snapshots', 'instances'])
    .describe(
      'Reported besides volumes: unassociated Elastic IP addresses, snapshots whose volume and AMI are gone, and instances stopped for long.',
    ),
  releaseAddresses: z
    .boolean()
    .default(false)
    .describe(
      'Releases unassociated Elastic IP addresses after the same days and notice. It cannot be undone: the address can go to another account.',
    ),
  recycleBinDays: z
    .int()
    .min(1)
    .max(365)
    .optional()
    .describe(
      'Keeps in the Recycle Bin, for so many days and at their price, safety snapshots that are deleted, and for seven of them at most all volumes that anybody deletes in the region of the stack. Default: no rules.',
    ),
  maximumVolumes: z
    .int()
    .min(1)
    .max(10_000)
    .default(25)
    .describe('Volumes deleted in a day, snapshots made, and addresses released.'),
  maximumGibibytes: z.int().min(1).max(10_000_000).default(2_000).describe('Their size in a day.'),
  snapshotDays: z
    .int()
    .min(1)
    .max(3_650)
    .default(90)
    .describe('Days after a deletion in which `undo` can make the volume again.'),
});

export type VolumeCleanupSettings = z.output<typeof volumeCleanupSettings>;
