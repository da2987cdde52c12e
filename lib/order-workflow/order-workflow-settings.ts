import { z } from 'zod';

/** The settings of order-workflow, as `-c order-workflow='{…}'` or as the key `order-workflow` of the context in `cdk.json`. */
export const orderWorkflowSettings = z
  .strictObject({
    /** Orders of more units than this, over all lines, need a person's approval. */
    approvalThreshold: z.int().min(0).max(50_000).default(10),
    /** An order that nobody has decided on for so long is rejected. */
    approvalTimeoutSeconds: z.int().min(60).max(2_592_000).default(86_400),
    /** The alarm is raised when an approval has waited so long. */
    lateApprovalSeconds: z.int().min(300).max(2_592_000).default(43_200),
    /** Customers are mailed from this address, once SES has verified it or its domain; without it, a topic is told. */
    senderEmail: z.email().optional(),
    payment: z
      .discriminatedUnion('provider', [
        z.strictObject({ provider: z.literal('sandbox') }),
        z.strictObject({
          provider: z.literal('https'),
          /** Where the payment service is, such as `https://payments.example.com/v1`. */
          url: z
            .string()
            .regex(
              /^https:\/\/[^\s?#]+[^\s?#/]$/,
              'use an address that begins with https://, without a slash at its end',
            ),
          /** The complete ARN of the secret whose text is the service's key. */
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
    /** Where it is absent, the stage decides. */
    dashboard: z.boolean().optional(),
  })
  .superRefine((settings, context) => {
    if (settings.lateApprovalSeconds < settings.approvalTimeoutSeconds) return;
    context.addIssue({
      code: 'custom',
      path: ['lateApprovalSeconds'],
      message: `use less than approvalTimeoutSeconds (${settings.approvalTimeoutSeconds}), or nobody is told before the order is rejected`,
    });
  });

export type OrderWorkflowSettings = z.output<typeof orderWorkflowSettings>;
