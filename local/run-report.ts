import { z } from 'zod';
import { scenarioReportSchema } from '../scenarios/scenario-report';

const seconds = z.number().min(0);

const architectureSchema = z.strictObject({
  /** The construct id, such as `ImageResize`. */
  id: z.string(),
  slug: z.string(),
  /** The data's way through it in one line, its stations joined by ` -> `. */
  flow: z.string(),
  /** Stack outputs; empty where the deployment did not get that far. */
  outputs: z.record(z.string(), z.string()),
  /** Settings that this run gave in place of the defaults, such as shorter time-outs. */
  overrides: z.record(z.string(), z.json()),
  /** Variants that were deployed after it, with their settings. */
  variants: z.array(z.strictObject({ name: z.string(), overrides: z.record(z.string(), z.json()) })),
  /** What this run cannot prove about the architecture, because the emulator differs from AWS there. */
  limits: z.array(z.strictObject({ topic: z.string(), sentence: z.string() })),
});

const ruleSchema = z.strictObject({
  name: z.string(),
  reason: z.string(),
  /** What it rewrote, as stack and logical id: `ImageResize/ResizeImage4D7AC0E2`; empty where it found nothing to do. */
  touched: z.array(z.string()),
});

/** What a local run did and found, as `.local/report.json` holds it; times are in seconds. */
export const runReportSchema = z.strictObject({
  startedAt: z.iso.datetime(),
  seconds,
  status: z.enum(['passed', 'failed']),
  machine: z.strictObject({
    cores: z.int().min(1),
    memoryGigabytes: z.number().min(0),
    platform: z.string(),
    node: z.string(),
    python: z.string(),
  }),
  emulator: z.strictObject({ name: z.string(), version: z.string() }),
  /** In the order they ran. */
  phases: z.array(z.strictObject({ title: z.string(), seconds })),
  architectures: z.array(architectureSchema),
  rules: z.array(ruleSchema),
  /** Absent where the run ended before the scenarios did. */
  scenarios: scenarioReportSchema.optional(),
  /** Why the run itself failed, such as a deployment that was refused; a failed check is told by the scenarios. */
  failure: z.string().optional(),
});

export type RunReport = z.infer<typeof runReportSchema>;
export type ArchitectureReport = z.infer<typeof architectureSchema>;
export type RuleReport = z.infer<typeof ruleSchema>;
