import { z } from 'zod';
import { parsePolicy, type Policy } from '../../lambda/approval-workflow/policy';

const size = z.strictObject({
  instanceType: z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'use an instance type such as t3.small'),
  diskGigabytes: z.int().min(8).max(1_000).default(20),
  hourlyDollars: z.number().positive().max(100),
});

const idOf = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), `use an id such as ${kind}-0a1b2c3d`);

/** Subnets of another VPC that reach Systems Manager by its interface endpoints. */
const namedSubnets = z.strictObject({
  vpcId: idOf('vpc'),
  /** Of different zones: the next is tried where one has no capacity. */
  subnetIds: z.array(idOf('subnet')).min(1).max(6),
  /** Security group of the endpoints `ssm` and `ssmmessages`. */
  endpointGroupId: idOf('sg'),
});

/** Nobody may ask: the owner of the stack puts the people in. */
const emptyPolicy: Policy = {
  people: {},
  teams: {},
  perPerson: { machines: 2, monthlyDollars: 200 },
  autoApproveDollars: 0,
  secondApproverDollars: 100,
};

/** A standard parameter holds 4 KB. */
const parameterBytes = 4_096;

/** Settings of approval-workflow: `-c approval-workflow='{…}'`, or the key `approval-workflow` of the context in `cdk.json`. */
export const approvalWorkflowSettings = z
  .strictObject({
    policy: z
      .unknown()
      .default(emptyPolicy)
      .describe('First value of the policy parameter: people, teams, limits, thresholds. Put later ones with SSM.'),
    sizes: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'use a name in lower case'), size)
      // On-demand Linux in us-east-1: https://aws.amazon.com/ec2/pricing/on-demand/, as of November 2026.
      .default({
        small: { instanceType: 't3.small', diskGigabytes: 20, hourlyDollars: 0.0208 },
        medium: { instanceType: 't3.medium', diskGigabytes: 20, hourlyDollars: 0.0416 },
        large: { instanceType: 't3.large', diskGigabytes: 50, hourlyDollars: 0.0832 },
      })
      .describe('Sizes that may be asked for, with their prices: put those of your region.'),
    diskDollars: z
      .number()
      .positive()
      .max(10)
      .default(0.08)
      .describe('Price of a gigabyte of gp3 disk in a month, in dollars.'),
    amiParameter: z
      .string()
      // Its root device is the one that is encrypted: others would keep an unencrypted one beside it.
      .regex(/^\/aws\/service\/ami-amazon-linux-latest\/[\w.-]+$/, 'use one of /aws/service/ami-amazon-linux-latest/…')
      .default('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64')
      .describe('Public SSM parameter of an Amazon Linux image. Its architecture has to fit the sizes.'),
    startScripts: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'use a name in lower case'), z.string().min(1))
      .default({})
      .describe('Start scripts by name, which run as root at the first start. `none` is always there.'),
    maximumDays: z.int().min(1).max(365).default(90).describe('Latest end that may be asked for, in days from now.'),
    approvalSeconds: z
      .int()
      .min(20)
      .max(2_592_000)
      .default(259_200)
      .describe('Time in which approvers decide; afterwards the request expires.'),
    reminderSeconds: z
      .int()
      .min(5)
      .max(2_592_000)
      .default(86_400)
      .describe('Time after which approvers who have not decided are reminded, once.'),
    senderEmail: z
      .email()
      .optional()
      .describe('Sender of mails, verified in SES by address or by domain; without it, mails go to a topic.'),
    systemsManager: z
      .union([z.boolean(), namedSubnets])
      .default(false)
      .describe(
        '`true` adds endpoints of Systems Manager, about $29.20 a month; `{ "vpcId", "subnetIds", "endpointGroupId" }` names subnets that have them. A machine counts as running once its agent is online.',
      ),
    dashboard: z.boolean().optional().describe('CloudWatch dashboard. Default: on in prod.'),
    launchSeconds: z
      .int()
      .min(60)
      .max(3_600)
      .default(600)
      .describe('Time after which a machine that does not run is terminated and reported.'),
  })
  .superRefine((settings, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    try {
      parsePolicy(JSON.stringify(settings.policy));
    } catch (error) {
      issue('policy', (error as Error).message);
    }
    for (const name of ['policy', 'startScripts'] as const) {
      const bytes = Buffer.byteLength(JSON.stringify(settings[name]));
      if (bytes > parameterBytes) issue(name, `use at most ${parameterBytes} bytes of JSON (${bytes} now)`);
    }
    if ('none' in settings.startScripts) issue('startScripts', 'use another name than none');
    if (Object.keys(settings.sizes).length === 0) issue('sizes', 'use at least one size');
    if (settings.reminderSeconds >= settings.approvalSeconds)
      issue('reminderSeconds', `use less than approvalSeconds (${settings.approvalSeconds})`);
  });

export type ApprovalWorkflowSettings = z.output<typeof approvalWorkflowSettings>;
