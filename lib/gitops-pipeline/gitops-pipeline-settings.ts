import { z } from 'zod';

const environmentSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'use up to 20 lower-case letters, digits and hyphens')
    .refine((name) => name !== 'none', "use another name than 'none'"),
  branch: z.string().min(1).max(256),
  stacks: z.string().regex(/^[A-Za-z0-9*/_-]{1,128}$/, 'use a pattern of stack names, as cdk deploy takes it'),
  approval: z.boolean(),
});

/** Settings of gitops-pipeline: `-c gitops-pipeline='{…}'`, or the key `gitops-pipeline` of the context in `cdk.json`. */
export const gitopsPipelineSettings = z
  .strictObject({
    environments: z
      .array(environmentSchema)
      .min(1)
      .max(8)
      .default([
        { name: 'staging', branch: 'main', stacks: '*-staging', approval: false },
        { name: 'prod', branch: 'release', stacks: '*-prod', approval: true },
      ])
      .describe(
        'Branch of each environment, the pattern of its stacks in the assembly, and whether a person approves. ' +
          'Default: `main` to `staging`, `release` to `prod` with approval.',
      ),
    buildTimeoutMinutes: z.int().min(5).max(480).default(30).describe('Longest duration of one build.'),
    queuedTimeoutMinutes: z.int().min(5).max(480).default(60).describe('Longest time that a build waits for capacity.'),
    approvalHours: z
      .number()
      .min(0.01)
      .max(720)
      .default(48)
      .describe('Time after which an approval is no longer possible.'),
    waitHours: z
      .int()
      .min(1)
      .max(168)
      .default(24)
      .describe('Time for which a run waits for another deployment of its environment, or for a place for its builds.'),
    watchSeconds: z
      .int()
      .min(0)
      .max(21_600)
      .default(600)
      .describe('Time after a deployment in which an alarm of its stacks rolls it back, in seconds; 0 for none.'),
    lateMinutes: z.int().min(10).max(20_000).default(240).describe('Alarm when a run has been open for so long.'),
    sweepMinutes: z.int().min(1).max(60).default(5).describe('Interval at which lost events are looked for.'),
    acceptedFindings: z
      .array(z.string().regex(/^[\w./-]+(?:@[\w./-]+)?$/, 'use a rule, or a rule and a file: rule@file'))
      .max(50)
      .default([])
      .describe(
        'Findings of the scan that do not stop a run, such as `GHSA-35jh-r3h4-6jhm` or `code/no-eval@src/plugin.js`.',
      ),
    executionPolicyArn: z
      .string()
      .regex(/^arn:[a-z-]+:iam::\w+:policy\/[\w+=,.@/-]+$/)
      .optional()
      .describe(
        'Boundary of the deploying role: a managed policy. Default: none; what it may do is what the bootstrap roles may.',
      ),
  })
  .superRefine(({ environments }, context) => {
    for (const field of ['name', 'branch'] as const) {
      const values = environments.map((one) => one[field]);
      for (const value of new Set(values.filter((one, index) => values.indexOf(one) !== index))) {
        context.addIssue({ code: 'custom', path: ['environments'], message: `use each ${field} once: '${value}'` });
      }
    }
  });

export type GitopsPipelineSettings = z.output<typeof gitopsPipelineSettings>;
