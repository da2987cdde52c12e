import {
  BatchGetBuildsCommand,
  paginateListBuildsForProject,
  StartBuildCommand,
  StopBuildCommand,
  type Build,
  type CodeBuildClient,
  type ProjectSource,
} from '@aws-sdk/client-codebuild';
import { createHash } from 'node:crypto';
import { ownerOf, type BuildFacts } from '../build-outcome';

export type BuildsClient = Pick<CodeBuildClient, 'send'>;

/** CodeBuild runs and queues as many builds as the account may have: a later attempt starts this one. */
export class BuilderBusyError extends Error {
  override readonly name = 'BuilderBusyError';
}

export interface BuildRequest {
  /** Id of the build in the table; one token is made of it, so that the same id starts one build. */
  readonly id: string;
  readonly project: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Commit, or version of the object that the build starts from. */
  readonly sourceVersion: string;
  /** Object that the build starts from; without it, the repository. */
  readonly sourceObject?: string;
  /** Archives that are unpacked beside the source, by the name that `CODEBUILD_SRC_DIR_<name>` has. */
  readonly beside: Readonly<Partial<Record<'tools' | 'outputs', string>>>;
  readonly output?: {
    readonly bucket: string;
    readonly path: string;
    readonly name: string;
    readonly packaging: 'ZIP' | 'NONE';
  };
}

/** Starts a build; the same id within five minutes is the same build. Needs `codebuild:StartBuild`. */
export async function startBuild(client: BuildsClient, request: BuildRequest): Promise<string> {
  const { id, project, variables, sourceVersion, sourceObject, beside, output } = request;
  const secondary = Object.entries(beside).map(([sourceIdentifier, location]): ProjectSource => ({
    type: 'S3',
    location,
    sourceIdentifier,
  }));
  const start = new StartBuildCommand({
    projectName: project,
    idempotencyToken: createHash('sha256').update(id).digest('hex'),
    sourceVersion,
    // As a value, never in a command: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html
    environmentVariablesOverride: Object.entries(variables).map(([name, value]) => ({
      name,
      value,
      type: 'PLAINTEXT',
    })),
    ...(sourceObject === undefined ? {} : { sourceTypeOverride: 'S3', sourceLocationOverride: sourceObject }),
    ...(secondary.length === 0 ? {} : { secondarySourcesOverride: secondary }),
    ...(output === undefined
      ? {}
      : {
          artifactsOverride: {
            type: 'S3',
            location: output.bucket,
            path: output.path,
            name: output.name,
            namespaceType: 'NONE',
            packaging: output.packaging,
          },
        }),
  });
  try {
    const { build } = await client.send(start);
    if (build?.id === undefined) throw new Error(`CodeBuild started a build of ${project} without an id`);
    return build.id;
  } catch (error) {
    if (error instanceof Error && error.name === 'AccountLimitExceededException') {
      throw new BuilderBusyError(error.message);
    }
    throw error;
  }
}

/**
 * Id of the build that an earlier attempt has started without learning its id, or undefined.
 * Needs `codebuild:ListBuildsForProject` and `codebuild:BatchGetBuilds`.
 *
 * @param since time before which no attempt has started one
 */
export async function findBuild(
  client: CodeBuildClient,
  { id, project: projectName }: Pick<BuildRequest, 'id' | 'project'>,
  since: Date,
): Promise<string | undefined> {
  for await (const { ids = [] } of paginateListBuildsForProject({ client }, { projectName, sortOrder: 'DESCENDING' })) {
    const builds = await readBuilds(client, ids);
    const found = builds.find((build) => ownerOf(build)?.id === id);
    if (found !== undefined) return found.id;
    if (builds.some(({ startedAt }) => startedAt !== undefined && startedAt < since)) return undefined;
  }
  return undefined;
}

/** Builds that exist, by id or ARN; at most 100. Needs `codebuild:BatchGetBuilds`. */
export async function readBuilds(client: BuildsClient, ids: readonly string[]): Promise<BuildFacts[]> {
  if (ids.length === 0) return [];
  const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids: [...ids] }));
  return builds.map(factsOf);
}

/** Needs `codebuild:StopBuild`. */
export async function stopBuild(client: BuildsClient, id: string): Promise<void> {
  await client.send(new StopBuildCommand({ id }));
}

function factsOf(build: Build): BuildFacts {
  const { resolvedSourceVersion: commit, artifacts, startTime, endTime } = build;
  const reason = build.phases
    ?.filter(({ phaseStatus }) => phaseStatus !== undefined && !['SUCCEEDED', 'IN_PROGRESS'].includes(phaseStatus))
    .flatMap(({ phaseType, contexts = [] }) =>
      contexts.map(({ message }) => `${phaseType ?? ''}: ${message ?? ''}`),
    )[0];
  return {
    id: build.id ?? '',
    arn: build.arn ?? '',
    project: build.projectName ?? '',
    status: build.buildStatus ?? 'IN_PROGRESS',
    variables: Object.fromEntries(
      (build.environment?.environmentVariables ?? []).map(({ name = '', value = '' }) => [name, value]),
    ),
    exported: Object.fromEntries(
      (build.exportedEnvironmentVariables ?? []).map(({ name = '', value = '' }) => [name, value]),
    ),
    ...(reason === undefined ? {} : { reason }),
    ...(commit === undefined ? {} : { commit }),
    ...(startTime === undefined ? {} : { startedAt: startTime }),
    ...(startTime === undefined || endTime === undefined
      ? {}
      : { seconds: (endTime.getTime() - startTime.getTime()) / 1_000 }),
    ...(artifacts?.sha256sum === undefined ? {} : { artifactDigest: artifacts.sha256sum }),
  };
}
