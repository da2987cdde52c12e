import { z } from 'zod';
import { scenarioReportSchema } from '../scenario-runner/scenario-report';

const seconds = z.number().min(0);

const pathData = z.string().regex(/^[MLCZ\d., -]*$/, 'is not SVG path data');
const size = { width: z.number().min(0), height: z.number().min(0) };
const place = { x: z.number(), y: z.number() };

/** Diagram of the template, in pixels from the top left; a node's position is its center. */
const diagramSchema = z.strictObject({
  ...size,
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      shape: z.enum(['function', 'store', 'queue', 'topic', 'bus', 'rule', 'machine', 'clock', 'database']),
      service: z.string(),
      steps: z.array(z.string()),
      alarms: z.int().min(0),
      ...place,
      ...size,
    }),
  ),
  edges: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      kind: z.enum(['data', 'failure', 'read']),
      line: pathData,
      arrow: pathData,
    }),
  ),
});

/** The architecture's answer to one fault of the catalog. */
const faultSchema = z.strictObject({
  name: z.string(),
  term: z.string(),
  explanation: z.string(),
  expected: z.string(),
  answer: z.union([
    /** Names of proofs and files of tests. */
    z.strictObject({ provedBy: z.array(z.string()), note: z.string().optional() }),
    z.strictObject({ notApplicable: z.string() }),
    z.strictObject({ notProvableHere: z.string() }),
  ]),
});

/** Permissions of roles, compared with the calls of functions. */
const permissionsSchema = z.strictObject({
  /** Whether all proofs ran, so that an unused permission is not needed. */
  complete: z.boolean(),
  grants: z.array(
    z.strictObject({
      /** Construct path, below the stack, of the function or of a service's role. */
      role: z.string(),
      action: z.string(),
      on: z.string(),
      status: z.enum(['used', 'by the service', 'by definition', 'accepted', 'unused']),
      because: z.string(),
    }),
  ),
});

/** Dollars a month in a sandbox, with the usage that they are for: `1,000 photos a day`. */
const costSchema = z.strictObject({ fixed: z.number(), variable: z.number(), usage: z.string() });

const architectureSchema = z.strictObject({
  /** Construct id, such as `ImageResize`. */
  id: z.string(),
  slug: z.string(),
  /** Data flow in one line, its steps joined by ` -> `. */
  flow: z.string(),
  /** Stack outputs; empty where the stack was not deployed. */
  outputs: z.record(z.string(), z.string()),
  /** Settings of this run that replace defaults, such as shorter timeouts. */
  overrides: z.record(z.string(), z.json()),
  /** Variants that were deployed afterwards, with their settings. */
  variants: z.array(z.strictObject({ name: z.string(), overrides: z.record(z.string(), z.json()) })),
  /** Properties that a local run cannot show, because the emulator differs from AWS. */
  limits: z.array(z.strictObject({ topic: z.string(), sentence: z.string() })),
  diagram: diagramSchema.optional(),
  /** State machines by construct path below the stack, with their states as nodes. */
  machines: z.array(z.strictObject({ name: z.string(), drawing: diagramSchema })).optional(),
  faults: z.array(faultSchema).optional(),
  /** Absent where the run ended before the calls were gathered. */
  permissions: permissionsSchema.optional(),
  cost: costSchema.optional(),
  /** Reasons for absent sections. */
  unknown: z.array(z.string()).optional(),
});

const ruleSchema = z.strictObject({
  name: z.string(),
  reason: z.string(),
  /** Resources that it changed, by stack and logical id: `ImageResize/ResizeImage4D7AC0E2`. */
  touched: z.array(z.string()),
});

/** Invocations of one function, in milliseconds and megabytes. */
const functionSchema = z.strictObject({
  slug: z.string(),
  function: z.string(),
  invocations: z.int(),
  errors: z.int(),
  throttles: z.int(),
  coldStarts: z.int(),
  medianMilliseconds: z.number(),
  p99Milliseconds: z.number(),
  maxMemoryMegabytes: z.number(),
});

/** Content of `report.json` of a local run or a run in an account; times are in seconds. */
export const runReportSchema = z.strictObject({
  startedAt: z.iso.datetime(),
  seconds,
  status: z.enum(['passed', 'failed']),
  machine: z.strictObject({
    cores: z.int().min(1),
    memoryGigabytes: z.number().min(0),
    platform: z.string(),
    node: z.string(),
    /** Absent where nothing ran on Python. */
    python: z.string().optional(),
  }),
  /** Absent for a run in an account. */
  emulator: z.strictObject({ name: z.string(), version: z.string() }).optional(),
  account: z.strictObject({ id: z.string(), region: z.string() }).optional(),
  /** In the order in which they started. */
  phases: z.array(z.strictObject({ title: z.string(), start: seconds, seconds })),
  architectures: z.array(architectureSchema),
  rules: z.array(ruleSchema),
  functions: z.array(functionSchema),
  /** Absent where the run ended before the scenarios. */
  scenarios: scenarioReportSchema.optional(),
  /** Failure of the run itself, such as a failed deployment; failed checks are in `scenarios`. */
  failure: z.string().optional(),
});

export type RunReport = z.infer<typeof runReportSchema>;
export type ArchitectureReport = z.infer<typeof architectureSchema>;
export type RuleReport = z.infer<typeof ruleSchema>;
export type MachineReport = NonNullable<ArchitectureReport['machines']>[number];
export type DiagramReport = z.infer<typeof diagramSchema>;
export type FaultReport = z.infer<typeof faultSchema>;
export type PermissionsReport = z.infer<typeof permissionsSchema>;
