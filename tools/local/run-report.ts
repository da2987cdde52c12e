import { z } from 'zod';
import { scenarioReportSchema } from '../scenario-runner/scenario-report';

const seconds = z.number().min(0);

const pathData = z.string().regex(/^[MLCZ\d., -]*$/, 'is no SVG path data');
const size = { width: z.number().min(0), height: z.number().min(0) };
const place = { x: z.number(), y: z.number() };

/** The architecture as its template has it, in pixels from the top left; a node stands at its center. */
const diagramSchema = z.strictObject({
  ...size,
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      shape: z.enum(['function', 'store', 'queue', 'topic', 'machine', 'clock', 'database']),
      alarms: z.int().min(0),
      ...place,
      ...size,
    }),
  ),
  edges: z.array(
    z.strictObject({ from: z.string(), to: z.string(), onFailure: z.boolean(), line: pathData, arrow: pathData }),
  ),
});

/** The architecture's answer to one fault of the catalog. */
const faultSchema = z.strictObject({
  name: z.string(),
  term: z.string(),
  explanation: z.string(),
  expected: z.string(),
  answer: z.union([
    /** Names of its checks, and files of tests. */
    z.strictObject({ provedBy: z.array(z.string()), note: z.string().optional() }),
    z.strictObject({ notApplicable: z.string() }),
    z.strictObject({ notProvableHere: z.string() }),
  ]),
});

/** What roles may do, and what functions did. */
const permissionsSchema = z.strictObject({
  /** Whether all proofs ran, so that what was not used is not needed. */
  complete: z.boolean(),
  grants: z.array(
    z.strictObject({
      /** The path below its stack of the function, or of the role that a service acts by. */
      role: z.string(),
      action: z.string(),
      on: z.string(),
      status: z.enum(['used', 'by the service', 'by definition', 'accepted', 'unused']),
      because: z.string(),
    }),
  ),
});

/** Dollars a month in a sandbox, and for what: `1,000 photos a day`. */
const costSchema = z.strictObject({ idle: z.number(), running: z.number(), usage: z.string() });

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
  diagram: diagramSchema.optional(),
  faults: z.array(faultSchema).optional(),
  /** Absent where the run ended before its calls were gathered. */
  permissions: permissionsSchema.optional(),
  cost: costSchema.optional(),
  /** Why something of these is absent. */
  unknown: z.array(z.string()).optional(),
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
export type DiagramReport = z.infer<typeof diagramSchema>;
export type FaultReport = z.infer<typeof faultSchema>;
export type PermissionsReport = z.infer<typeof permissionsSchema>;
