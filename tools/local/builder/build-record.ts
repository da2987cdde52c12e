import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { account, region } from '../connection';

const variable = z.object({ name: z.string(), value: z.string(), type: z.literal('PLAINTEXT').optional() });
const source = z.object({ type: z.literal('S3'), location: z.string(), sourceIdentifier: z.string() });
const artifacts = z.strictObject({
  type: z.literal('S3'),
  location: z.string(),
  path: z.string(),
  name: z.string(),
  namespaceType: z.literal('NONE'),
  packaging: z.enum(['ZIP', 'NONE']),
});

/** Parameters of StartBuild that the local builder knows; it refuses others. */
export const startBuildInput = z.strictObject({
  projectName: z.string(),
  idempotencyToken: z.string().optional(),
  sourceVersion: z.string(),
  sourceTypeOverride: z.literal('S3').optional(),
  sourceLocationOverride: z.string().optional(),
  secondarySourcesOverride: z.array(source).default([]),
  environmentVariablesOverride: z.array(variable).default([]),
  artifactsOverride: artifacts.optional(),
});
export type StartBuildInput = z.output<typeof startBuildInput>;

export type BuildStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED';

/** Build as BatchGetBuilds describes it. */
export interface BuildRecord {
  readonly id: string;
  readonly arn: string;
  readonly projectName: string;
  readonly sourceVersion: string;
  readonly environment: { readonly environmentVariables: readonly { name: string; value: string }[] };
  buildStatus: BuildStatus;
  buildComplete: boolean;
  currentPhase: string;
  startTime: number;
  endTime?: number;
  resolvedSourceVersion?: string;
  phases: { phaseType: string; phaseStatus: string; contexts: { statusCode: string; message: string }[] }[];
  exportedEnvironmentVariables: readonly { name: string; value: string }[];
  artifacts?: { location: string; sha256sum?: string };
}

/** @param now in milliseconds since 1970 */
export function newBuild(input: StartBuildInput, now: number): BuildRecord {
  const { projectName, sourceVersion, environmentVariablesOverride } = input;
  const id = `${projectName}:${randomUUID()}`;
  return {
    id,
    arn: `arn:aws:codebuild:${region}:${account}:build/${id}`,
    projectName,
    sourceVersion,
    environment: { environmentVariables: environmentVariablesOverride },
    buildStatus: 'IN_PROGRESS',
    buildComplete: false,
    currentPhase: 'QUEUED',
    startTime: now / 1_000,
    phases: [],
    exportedEnvironmentVariables: [],
  };
}
