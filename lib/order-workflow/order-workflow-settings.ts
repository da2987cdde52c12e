import { z } from 'zod';
import { isMailable } from '../../lambda/order-workflow/email-address';

/** Settings of order-workflow, given as `-c order-workflow='{…}'` or as the key `order-workflow` of the context in `cdk.json`. */
export const orderWorkflowSettings = z
  .strictObject({
    approvalThreshold: z
      .int()
      .min(0)
      .max(50_000)
      .default(10)
      .describe("Orders of more units than this, summed over all lines, need a person's approval."),
    approvalTimeoutSeconds: z
      .int()
      .min(60)
      .max(2_592_000)
      .default(86_400)
      .describe('Time after which an order without a decision is rejected.'),
    chargeRetrySeconds: z
      .int()
      .min(60)
      .max(604_800)
      .default(14_400)
      .describe('Time for which a charge is retried while the payment service is unavailable; then the order fails.'),
    refundRetrySeconds: z
      .int()
      .min(3_600)
      .max(604_800)
      .default(86_400)
      .describe('Time for which a refund and the release of stock are retried; then the order needs attention.'),
    lateApprovalSeconds: z
      .int()
      .min(300)
      .max(2_592_000)
      .default(43_200)
      .describe('Age of the oldest open approval at which an alarm is raised.'),
    senderEmail: z
      .string()
      .refine(isMailable, 'use an email address, such as shop@example.com')
      .optional()
      .describe(
        'Sender of emails to customers, verified in SES by address or by domain; without it, notifications go to a topic.',
      ),
    payment: z
      .discriminatedUnion('provider', [
        z.strictObject({ provider: z.literal('sandbox') }),
        z.strictObject({
          provider: z.literal('https'),
          url: z
            .string()
            .regex(/^https:\/\/[^\s?#]+[^\s?#/]$/, 'use a URL that begins with https://, without a trailing slash')
            .describe('Base URL of the payment service, such as `https://payments.example.com/v1`.'),
          secretArn: z
            .string()
            .regex(
              /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}$/,
              'use the complete ARN of a secret',
            )
            .describe("Complete ARN of the secret whose text is the service's key."),
          secretKeyArn: z
            .string()
            .regex(/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'use the ARN of a KMS key, not of an alias')
            .optional()
            .describe('ARN of the customer managed key that encrypts the secret. Default: the key of Secrets Manager.'),
          idempotencySeconds: z
            .int()
            .min(3_600)
            .max(31_536_000)
            .default(86_400)
            .describe('Time for which the service surely remembers the idempotency key of a charge.'),
        }),
      ])
      .default({ provider: 'sandbox' })
      .describe(
        '`sandbox` charges nobody; `https` calls a payment service: `{ "provider": "https", "url", "secretArn", "secretKeyArn", "idempotencySeconds" }`.',
      ),
    memoryMegabytes: z.int().min(256).max(10_240).default(512).describe('Memory of the functions that process orders.'),
    dashboard: z.boolean().optional().describe('CloudWatch dashboard. Default: on in prod.'),
  })
  .superRefine((settings, context) => {
    const { chargeRetrySeconds, payment } = settings;
    if (payment.provider === 'https' && chargeRetrySeconds + 3_600 > payment.idempotencySeconds) {
      context.addIssue({
        code: 'custom',
        path: ['chargeRetrySeconds'],
        message: `use at most payment.idempotencySeconds less an hour (${payment.idempotencySeconds - 3_600}), or the service may forget the first attempt before the last`,
      });
    }
    if (settings.lateApprovalSeconds < settings.approvalTimeoutSeconds) return;
    context.addIssue({
      code: 'custom',
      path: ['lateApprovalSeconds'],
      message: `use less than approvalTimeoutSeconds (${settings.approvalTimeoutSeconds}), or the order is rejected before anybody is alarmed`,
    });
  });

export type OrderWorkflowSettings = z.output<typeof orderWorkflowSettings>;
