import { z } from 'zod';

/** Settings of order-workflow, given as `-c order-workflow='{…}'` or as the key `order-workflow` of the context in `cdk.json`. */
export const orderWorkflowSettings = z
  .strictObject({
    /** Orders of more units than this, summed over all lines, need a person's approval. */
    approvalThreshold: z.int().min(0).max(50_000).default(10),
    /** Time after which an order without a decision is rejected. */
    approvalTimeoutSeconds: z.int().min(60).max(2_592_000).default(86_400),
    /** Age of the oldest open approval at which an alarm is raised. */
    lateApprovalSeconds: z.int().min(300).max(2_592_000).default(43_200),
    /** Sender of emails to customers, verified in SES by address or by domain; without it, notifications go to a topic. */
    senderEmail: z.email().optional(),
    payment: z
      .discriminatedUnion('provider', [
        z.strictObject({ provider: z.literal('sandbox') }),
        z.strictObject({
          provider: z.literal('https'),
          /** Base URL of the payment service, such as `https://payments.example.com/v1`. */
          url: z
            .string()
            .regex(/^https:\/\/[^\s?#]+[^\s?#/]$/, 'use a URL that begins with https://, without a trailing slash'),
          /** Complete ARN of the secret whose text is the service's key. */
          secretArn: z
            .string()
            .regex(
              /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}$/,
              'use the complete ARN of a secret',
            ),
        }),
      ])
      .default({ provider: 'sandbox' }),
    memoryMegabytes: z.int().min(256).max(10_240).default(512),
    /** @default on in prod */
    dashboard: z.boolean().optional(),
  })
  .superRefine((settings, context) => {
    if (settings.lateApprovalSeconds < settings.approvalTimeoutSeconds) return;
    context.addIssue({
      code: 'custom',
      path: ['lateApprovalSeconds'],
      message: `use less than approvalTimeoutSeconds (${settings.approvalTimeoutSeconds}), or the order is rejected before anybody is alarmed`,
    });
  });

export type OrderWorkflowSettings = z.output<typeof orderWorkflowSettings>;
