import { z } from 'zod';

const status = z.enum(['passed', 'failed']);
const checkStatus = z.enum(['passed', 'failed', 'skipped']);
const seconds = z.number().min(0);

const stepSchema = z.strictObject({
  title: z.string(),
  /** Nesting level, from 0; steps are in the order of their starts. */
  depth: z.int().min(0),
  status,
  seconds,
  error: z.string().optional(),
});

const pictureSchema = z.strictObject({
  group: z.string(),
  title: z.string(),
  contentType: z.string(),
  caption: z.string().optional(),
  /** Path relative to the report. */
  file: z.string(),
});

const checkSchema = z.strictObject({
  slug: z.string(),
  kind: z.enum(['smoke-test', 'proof']),
  /** Deployed variant of the architecture, if it was one. */
  variant: z.string().optional(),
  name: z.string(),
  title: z.string(),
  status: checkStatus,
  /** Reason for skipping it. */
  skipped: z.string().optional(),
  /** Seconds from the start of the run to the start of the check. */
  start: seconds,
  seconds,
  error: z.strictObject({ message: z.string(), stack: z.string().optional() }).optional(),
  /** Errors of the architecture's functions during a failed check, each cause once, with its last log lines. */
  functionErrors: z
    .array(
      z.strictObject({ function: z.string(), error: z.string(), count: z.int().min(1), lines: z.array(z.string()) }),
    )
    .optional(),
  steps: z.array(stepSchema),
  assertions: z.array(
    z.strictObject({
      assertion: z.string(),
      passed: z.boolean(),
      expected: z.string().optional(),
      got: z.string().optional(),
    }),
  ),
  metrics: z.array(
    z.strictObject({ name: z.string(), value: z.union([z.number(), z.string()]), unit: z.string().optional() }),
  ),
  pictures: z.array(pictureSchema),
  /** States that executions of state machines entered, in order. */
  paths: z.array(z.strictObject({ title: z.string(), states: z.array(z.string()) })).optional(),
});

/** Report of a scenario run, as `--report` writes it. */
export const scenarioReportSchema = z.strictObject({
  /** Endpoint of an emulator, or region of a real account. */
  target: z.string(),
  startedAt: z.iso.datetime(),
  seconds,
  seed: z.int().min(0),
  passed: z.int().min(0),
  failed: z.int().min(0),
  skipped: z.int().min(0),
  checks: z.array(checkSchema),
});

export type ScenarioReport = z.infer<typeof scenarioReportSchema>;
export type CheckReport = z.infer<typeof checkSchema>;
export type StepReport = z.infer<typeof stepSchema>;
export type PictureReport = z.infer<typeof pictureSchema>;
