import { BatchGetProjectsCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import { ServiceError } from '../json-service';
import { parseBuildspec, type Buildspec } from './buildspec';

/** Project of CodeBuild, as the emulator keeps it. */
export interface Project {
  readonly spec: Buildspec;
  readonly source: { readonly type: string; readonly location: string };
  readonly timeoutMilliseconds: number;
  readonly role: string;
}

/** @throws ServiceError for an unknown project, or one whose buildspec has other keys than the builder runs */
export async function readProject(codebuild: Pick<CodeBuildClient, 'send'>, name: string): Promise<Project> {
  const { projects = [] } = await codebuild.send(new BatchGetProjectsCommand({ names: [name] }));
  const [project] = projects;
  if (project === undefined) throw new ServiceError('ResourceNotFoundException', `no project ${name}`);
  return {
    spec: parseBuildspec(project.source?.buildspec ?? ''),
    source: { type: project.source?.type ?? '', location: project.source?.location ?? '' },
    timeoutMilliseconds: (project.timeoutInMinutes ?? 60) * 60_000,
    role: project.serviceRole ?? '',
  };
}
