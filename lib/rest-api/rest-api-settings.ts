import { z } from 'zod';

/** Settings of rest-api: `-c rest-api='{…}'`, or the key `rest-api` of the context in `cdk.json`. */
export const restApiSettings = z
  .strictObject({
    requestsPerSecond: z
      .int()
      .min(1)
      .max(10_000)
      .default(50)
      .describe('Requests a second of all callers together; API Gateway answers 429 above it.'),
    burst: z.int().min(1).max(5_000).default(100).describe('Requests at once above that rate.'),
    usagePlan: z
      .strictObject({
        requestsPerSecond: z.int().min(1).max(10_000).default(20).describe('Requests a second of one API key.'),
        burst: z.int().min(1).max(5_000).default(40).describe('Requests at once above that rate.'),
        requestsPerDay: z
          .int()
          .min(1)
          .max(100_000_000)
          .default(100_000)
          .describe('Requests a day of one API key. Rates and quotas are best effort on AWS.'),
      })
      .prefault({}),
    callerLimit: z
      .strictObject({
        requestsPerSecond: z.number().min(0.1).max(1_000).describe('Requests a second of one caller.'),
        burst: z.int().min(1).max(1_000).describe('Requests at once above that rate.'),
      })
      .optional()
      .describe(
        'Exact limit for each caller, kept in DynamoDB: one update for a request, two within a burst. Off by default.',
      ),
    corsOrigins: z
      .array(
        z
          .string()
          .max(200)
          .regex(
            /^https?:\/\/[a-z0-9.-]+(:\d+)?$/,
            'use an origin such as https://app.example.com, without a slash at its end',
          ),
      )
      .max(10)
      .default([])
      .describe('Origins whose pages may use the API and the links in a browser. None by default.'),
    machineClients: z
      .array(
        z.strictObject({
          name: z
            .string()
            .max(40)
            .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'use a name such as nightly-report'),
          access: z
            .array(z.enum(['read', 'write']))
            .min(1)
            .max(2),
        }),
      )
      .max(20)
      .default([])
      .describe(
        'Clients without a user (`client_credentials`), such as `{"name":"nightly-report","access":["read"]}`. Each costs $6 a month and $0.00225 a token.',
      ),
    webAcl: z
      .boolean()
      .default(false)
      .describe(
        'Whether AWS WAF filters requests: $9 a month for the web ACL and its four rules, and $0.60 a million requests.',
      ),
    accessLogs: z
      .boolean()
      .default(false)
      .describe(
        'Whether the gateway logs each request. Needs the role for logs of API Gateway, one for an account and region: `npm run doctor` looks for it.',
      ),
    uploadHours: z
      .int()
      .min(1)
      .max(168)
      .default(24)
      .describe('Hours after which a document is gone whose content never arrived.'),
    writesCacheSeconds: z
      .int()
      .min(1)
      .max(300)
      .default(30)
      .describe('Time within which every execution environment follows a change of the parameter of writes.'),
    provisionedConcurrency: z
      .strictObject({
        minimum: z.int().min(1).max(1_000).describe('Execution environments that are always initialized.'),
        maximum: z.int().min(1).max(1_000).describe('Up to which they follow the use.'),
        utilization: z.number().min(0.1).max(0.9).default(0.7).describe('Share of them that is in use.'),
        schedules: z
          .array(z.strictObject({ cron: z.string().max(100), minimum: z.int().min(0), maximum: z.int().min(1) }))
          .max(10)
          .default([])
          .describe(
            'Other bounds from a time on, such as `{"cron":"0 7 ? * MON-FRI *","minimum":10,"maximum":50}` (UTC).',
          ),
      })
      .optional()
      .describe(
        'Initialized environments behind the alias `live`, against cold starts. They cost by the hour. Off by default.',
      ),
    canary: z
      .boolean()
      .default(false)
      .describe(
        'Whether CodeDeploy gives a new version a tenth of the requests for ten minutes, and takes it back on the alarm of server errors.',
      ),
    memoryMegabytes: z
      .int()
      .min(256)
      .max(10_240)
      .default(1_024)
      .describe('Of ServeDocuments. CPU grows in proportion to it, and with it cold starts get shorter.'),
    timeoutSeconds: z
      .int()
      .min(3)
      .max(28)
      .default(10)
      .describe('Longest duration of a request. API Gateway gives up after 29 s.'),
    latencyAlarmMilliseconds: z
      .int()
      .min(100)
      .max(29_000)
      .default(2_000)
      .describe('Duration of the slowest hundredth of the requests that raises an alarm.'),
    dashboard: z.boolean().optional().describe('Whether there is a dashboard. By default in prod only.'),
  })
  .superRefine(({ usagePlan, requestsPerSecond, provisionedConcurrency, canary, machineClients }, context) => {
    if (provisionedConcurrency !== undefined && canary) {
      context.addIssue({
        code: 'custom',
        path: ['canary'],
        message:
          'leave it out, or provisionedConcurrency: Lambda refuses a weighted alias with provisioned concurrency',
      });
    }
    if (provisionedConcurrency !== undefined && provisionedConcurrency.maximum < provisionedConcurrency.minimum) {
      context.addIssue({
        code: 'custom',
        path: ['provisionedConcurrency', 'maximum'],
        message: `use at least ${provisionedConcurrency.minimum}, which is the minimum`,
      });
    }
    provisionedConcurrency?.schedules.forEach((schedule, index) => {
      if (schedule.maximum >= schedule.minimum) return;
      context.addIssue({
        code: 'custom',
        path: ['provisionedConcurrency', 'schedules', index, 'maximum'],
        message: `use at least ${schedule.minimum}, which is its minimum`,
      });
    });
    const names = machineClients.map(({ name }) => name);
    if (new Set(names).size < names.length) {
      context.addIssue({ code: 'custom', path: ['machineClients'], message: 'give each client a name of its own' });
    }
    if (usagePlan.requestsPerSecond <= requestsPerSecond) return;
    context.addIssue({
      code: 'custom',
      path: ['usagePlan', 'requestsPerSecond'],
      message: `use at most ${requestsPerSecond}, which is what requestsPerSecond lets through of all keys together`,
    });
  });

export type RestApiSettings = z.output<typeof restApiSettings>;
