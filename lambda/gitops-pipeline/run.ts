import * as z from 'zod/mini';

/** Name of a commit in SHA-1, as CodeCommit gives it. */
export const commitSchema = z.string().check(z.regex(/^[0-9a-f]{40}$/));

/** Digest of an artifact: SHA-256 in hexadecimal. */
export const digestSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** Environment that a branch is deployed to. */
export const environmentSchema = z.object({
  name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,19}$/)),
  branch: z.string().check(z.minLength(1), z.maxLength(256)),
  /** Pattern of the stacks of the assembly that belong to it, as `cdk deploy` takes it. */
  stacks: z.string().check(z.regex(/^[A-Za-z0-9*/_-]{1,128}$/)),
  /** Whether a person approves each deployment. */
  approval: z.boolean(),
});
export type Environment = z.infer<typeof environmentSchema>;

/** Environment of commits on branches that are deployed nowhere: they are scanned, built and tested. */
export const noEnvironment = 'none';

/** Artifact in the bucket: this one version of the object has this digest. */
export const artifactSchema = z.object({
  key: z.string(),
  versionId: z.string(),
  digest: digestSchema,
  statementKey: z.string(),
  statementVersionId: z.string(),
  /** Run that built it, and its commit: those of its statement. */
  runId: z.string(),
  commit: commitSchema,
});
export type Artifact = z.infer<typeof artifactSchema>;

export const runSchema = z.object({
  id: z.string().check(z.regex(/^[a-z0-9-]{1,80}$/)),
  commit: commitSchema,
  branch: z.string(),
  environment: z.optional(environmentSchema),
  /** ARN of who pushed; unknown for a head that the sweep found. */
  pusher: z.optional(z.string()),
  /** A run of an earlier artifact, which an operator started; it begins with the difference. */
  again: z.optional(artifactSchema),
});
export type Run = z.infer<typeof runSchema>;

/** State of an execution: each function receives it and returns the next one. */
export const stateSchema = z.object({
  run: runSchema,
  /** Counts repetitions of steps: a new difference after another deployment, and a rollback. */
  round: z.int().check(z.nonnegative()),
  artifact: z.optional(artifactSchema),
  /** Deployments of the environment before the difference was made. */
  base: z.optional(z.int()),
  decision: z.optional(z.string()),
  rollback: z.optional(z.boolean()),
  /** Reason for which a failed deployment was not rolled back. */
  notRolledBack: z.optional(z.string()),
  /** Begin of the deployment and end of the watch for alarms, in seconds since 1970. */
  deployingSince: z.optional(z.int()),
  watchedUntil: z.optional(z.int()),
  failure: z.optional(z.object({ Error: z.string(), Cause: z.optional(z.string()) })),
});
export type State = z.infer<typeof stateSchema>;

/** Steps that are builds, in the order of a run. */
export const buildSteps = ['scan', 'build', 'test', 'check', 'diff', 'deploy', 'smoke'] as const;
export const stepSchema = z.enum(buildSteps);
export type Step = z.infer<typeof stepSchema>;

/** Id of the one run of a commit in an environment; also the name of its execution. */
export function runIdOf(environment: string, commit: string): string {
  return `${environment}-${commit}`;
}

/** Id of a build: one for each step and round of a run. */
export function buildIdOf(runId: string, step: Step, round: number): string {
  return `${runId}/${step}/${round}`;
}

/** Folder of what a build writes; the role of a step's project may write below the step's name only. */
export function outputPathOf(runId: string, step: Step, round: number): string {
  return `${step}/${runId}/${round}`;
}
