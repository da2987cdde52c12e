import { z } from 'zod';
import { account, region } from './connection';
import type { IsAllowed } from './ec2/dry-run';
import { ServiceError } from './json-service';

const requestSchema = z.object({
  repositoryName: z.string().optional(),
  projectName: z.string().optional(),
  id: z.string().optional(),
  ids: z.array(z.string()).default([]),
});

export type StandInService = 'codebuild' | 'codecommit';

/**
 * Resources of a request as policies name them: projects and repositories.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodecommit.html
 */
export function resourcesOfRequest(service: StandInService, input: Readonly<Record<string, unknown>>): string[] {
  if (service === 'codecommit')
    return [`arn:aws:codecommit:${region}:${account}:${requestSchema.parse(input).repositoryName ?? ''}`];
  const { projectName, id, ids } = requestSchema.parse(input);
  // A build is named after its project: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html
  const projects = [...ids, id, projectName].flatMap(
    (one) => one?.replace(/^arn:.*:build\//, '').replace(/:.*$/, '') ?? [],
  );
  return [...new Set(projects)].map((name) => `arn:aws:codebuild:${region}:${account}:project/${name}`);
}

/** @throws ServiceError for a caller whose policies do not allow an operation on one of its resources */
export async function checkPermission(
  isAllowed: IsAllowed,
  {
    service,
    operation,
    input,
    accessKeyId,
  }: {
    readonly service: StandInService;
    readonly operation: string;
    readonly input: Readonly<Record<string, unknown>>;
    readonly accessKeyId: string;
  },
): Promise<void> {
  const action = `${service}:${operation}`;
  for (const resource of resourcesOfRequest(service, input)) {
    if (await isAllowed(accessKeyId, action, resource)) continue;
    throw new ServiceError('AccessDeniedException', `not authorized to perform: ${action} on resource: ${resource}`);
  }
}
