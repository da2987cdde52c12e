import * as z from 'zod/mini';
import type { BuildRequest } from './adapters/codebuild-builds';
import { buildIdOf, outputPathOf, stepSchema, type State, type Step } from './run';

/** Names of the steps' projects in a variable of a function, as JSON. */
export const projectsSchema = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string): unknown => JSON.parse(text)),
  ),
  z.record(stepSchema, z.string()),
);
export type Projects = z.infer<typeof projectsSchema>;

export const assemblyName = 'assembly.zip';
export const outputsName = 'outputs.zip';
export const diffName = 'files/diff.txt';

/** Files that a step writes; a file of its own is not packed, so that a function can read it. */
const outputs: Partial<Record<Step, Pick<NonNullable<BuildRequest['output']>, 'name' | 'packaging'>>> = {
  scan: { name: 'files', packaging: 'NONE' },
  build: { name: assemblyName, packaging: 'ZIP' },
  check: { name: 'files', packaging: 'NONE' },
  diff: { name: 'files', packaging: 'NONE' },
  deploy: { name: outputsName, packaging: 'ZIP' },
};

/** Places of what builds read, as CodeBuild takes them: `bucket/key`. */
export interface BuildPlaces {
  readonly projects: Projects;
  readonly bucket: string;
  readonly tools: string;
}

const withTools: readonly Step[] = ['scan', 'check', 'diff', 'deploy'];

/** Steps whose source is the artifact, and not the commit. */
const onArtifact: readonly Step[] = ['check', 'diff', 'deploy', 'smoke'];

/** Request for the build of a step: from the commit until there is an artifact, then from that version of the artifact. */
export function buildRequestOf(step: Step, state: State, { projects, bucket, tools }: BuildPlaces): BuildRequest {
  const { run, round, artifact } = state;
  const output = outputs[step];
  const request = {
    id: buildIdOf(run.id, step, round),
    project: projects[step],
    variables: {
      RUN_ID: run.id,
      STEP: step,
      ROUND: String(round),
      COMMIT_ID: artifact?.commit ?? run.commit,
      BRANCH: run.branch,
      ENVIRONMENT: run.environment?.name ?? 'none',
      STACKS: run.environment?.stacks ?? '',
    },
    ...(output === undefined ? {} : { output: { bucket, path: outputPathOf(run.id, step, round), ...output } }),
  };
  const beside: BuildRequest['beside'] = {
    ...(withTools.includes(step) ? { tools } : {}),
    ...(step === 'smoke' ? { outputs: `${bucket}/${outputPathOf(run.id, 'deploy', round)}/${outputsName}` } : {}),
  };
  if (!onArtifact.includes(step)) return { ...request, beside, sourceVersion: run.commit };
  if (artifact === undefined) throw new Error(`step ${step} of ${run.id} has no artifact: sign it first`);
  return {
    ...request,
    beside,
    sourceVersion: artifact.versionId,
    sourceObject: `${bucket}/${artifact.key}`,
  };
}
