import { z } from 'zod';

/** Keys and values that every service accepts; AWS keeps the prefix `aws:` for itself. */
const tagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?!aws:)[\p{L}\p{N} _.:/=+\-@]+$/iu, 'use letters, digits, spaces and _ . : / = + - @, and no prefix aws:');

/** Names that Secrets Manager takes: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const secretName = z
  .string()
  .regex(/^[\w/+=.@-]{1,512}$/, 'use the name of a secret: letters, digits and / _ + = . @ -');

/** Webhooks that get digests of the notices; their URLs are secrets. */
const webhooks = z
  .strictObject({
    slackSecretName: secretName.optional().describe('Secret with the URL of an incoming webhook of Slack.'),
    teamsSecretName: secretName.optional().describe('Secret with the URL of a workflow of Microsoft Teams.'),
    secretKeyArn: z
      .string()
      .regex(/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'use the ARN of a KMS key, not of an alias')
      .optional()
      .describe('Customer managed key that encrypts the secrets. Default: the key of Secrets Manager.'),
    digestSeconds: z
      .int()
      .min(1)
      .max(300)
      .default(60)
      .describe('Time for which notices are gathered into a digest, of 100 at most.'),
    timeoutSeconds: z.int().min(1).max(60).default(10).describe('Time that a receiver has to answer.'),
  })
  .refine(({ slackSecretName, teamsSecretName }) => (slackSecretName ?? teamsSecretName) !== undefined, {
    message: 'give slackSecretName, teamsSecretName or both',
  });

export type WebhookSettings = z.output<typeof webhooks>;

/** Settings of resource-tagger: `-c resource-tagger='{…}'`, or the key `resource-tagger` of the context in `cdk.json`. */
export const resourceTaggerSettings = z
  .strictObject({
    tagKeys: z
      .strictObject({
        creator: tagKey
          .default('created-by')
          .describe('Who created it: `user/alice`, `role/Deploy/alice`, `sso/alice@example.com`.'),
        createdAt: tagKey.default('created-at').describe('When, by CloudTrail.'),
        eventId: tagKey.default('creation-event').describe('Id of the event of CloudTrail.'),
        costCenter: tagKey.default('cost-center').describe('Added to what `costCenters` knows.'),
      })
      .prefault({}),
    costCenters: z
      .record(
        z.string().min(1),
        z
          .string()
          .min(1)
          .max(256)
          .regex(/^[\p{L}\p{N} _.:/=+\-@]+$/u),
      )
      .default({})
      .describe(
        'Cost centers by creator, the most exact first: `{"user/alice":"1200","role/Deploy":"1300","sso":"1000"}`.',
      ),
    requiredTags: z
      .array(tagKey)
      .max(10)
      .default([])
      .describe('Keys that every new resource should have. What lacks one is reported, and nothing is stopped.'),
    trail: z
      .strictObject({
        keepDays: z.int().min(1).max(3_650).default(90).describe('Days after which log files are deleted.'),
      })
      .optional()
      .describe('Trail of the management events that write, for a region that has none: `{}`. Default: none is made.'),
    webhooks: webhooks
      .optional()
      .describe('Digests for Slack and Teams. Default: none. Turned off, notices that wait are lost.'),
    consistencySeconds: z
      .int()
      .min(30)
      .max(600)
      .default(300)
      .describe('Time for which a new resource may be invisible. One that is missing after it was deleted.'),
    lookAgainSeconds: z
      .int()
      .min(1)
      .max(900)
      .default(120)
      .describe('Delay of the second look for volumes and interfaces of a new instance.'),
    retryBaseSeconds: z
      .int()
      .min(1)
      .max(60)
      .default(10)
      .describe('Delay after the first failed attempt; doubles with each further one, up to 15 minutes.'),
    timeoutSeconds: z.int().min(5).max(300).default(60).describe('Longest duration of a batch.'),
    memoryMegabytes: z.int().min(256).max(10_240).default(512).describe('CPU grows in proportion to it.'),
  })
  .superRefine(({ tagKeys }, context) => {
    const keys = Object.values(tagKeys).map((key) => key.toLowerCase());
    if (new Set(keys).size < keys.length) {
      context.addIssue({ code: 'custom', path: ['tagKeys'], message: 'use four different keys' });
    }
  });

export type ResourceTaggerSettings = z.output<typeof resourceTaggerSettings>;
