import * as z from 'zod/mini';
import { buildIdOf, stepSchema, type Step } from './run';

/** Build as CodeBuild describes it, as far as it is used. */
export interface BuildFacts {
  readonly id: string;
  readonly arn: string;
  readonly project: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED' | 'IN_PROGRESS';
  /** Variables that it was started with. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables that its commands exported. */
  readonly exported: Readonly<Record<string, string>>;
  /** Message of the phase that failed. */
  readonly reason?: string;
  /** Commit that was checked out. */
  readonly commit?: string;
  readonly startedAt?: Date;
  /** Time from its start to its end, if it has ended. */
  readonly seconds?: number;
  /** SHA-256 of the archive that CodeBuild has written. */
  readonly artifactDigest?: string;
}

/** Step that a build belongs to, from the variables that the pipeline has started it with. */
const variablesSchema = z.object({
  RUN_ID: z.string(),
  STEP: stepSchema,
  ROUND: z.string().check(z.regex(/^\d{1,4}$/)),
});

export interface BuildOwner {
  /** Id of the build in the table. */
  readonly id: string;
  readonly runId: string;
  readonly step: Step;
}

/** Returns undefined for a build that the pipeline has not started. */
export function ownerOf({ variables }: BuildFacts): BuildOwner | undefined {
  const parsed = variablesSchema.safeParse(variables);
  if (!parsed.success) return undefined;
  const { RUN_ID, STEP, ROUND } = parsed.data;
  return { id: buildIdOf(RUN_ID, STEP, Number(ROUND)), runId: RUN_ID, step: STEP };
}

/** Result that the state machine receives: `error` is a name, `cause` is text of the build. */
export type Outcome = { readonly error: string; readonly cause: string } | 'passed' | 'running';

const endings = { FAILED: 'Failed', FAULT: 'Faulted', TIMED_OUT: 'TimedOut', STOPPED: 'Stopped' } as const;

/** Bytes of a cause; Step Functions takes 32,768 characters, and the message to the team stays short. */
const longestCause = 2_000;

/** Steps that scan. */
const scanning: readonly Step[] = ['scan', 'check'];

/**
 * Outcome of a step.
 *
 * A scan passes only if it says so: its findings are `none`. A scan that was cut off says nothing.
 */
export function outcomeOf(step: Step, { status, exported, reason }: BuildFacts): Outcome {
  if (status === 'IN_PROGRESS') return 'running';
  const name = `${step[0]?.toUpperCase() ?? ''}${step.slice(1)}`;
  if (status !== 'SUCCEEDED')
    return { error: name + endings[status], cause: (reason ?? status).slice(0, longestCause) };
  if (!scanning.includes(step) || exported['FINDINGS'] === 'none') return 'passed';
  return { error: 'ScanFindings', cause: (exported['FINDINGS'] ?? 'the scan reported nothing').slice(0, longestCause) };
}
