import { projectsIn } from './calls/call';
import { account, region } from './connection';
import type { IsAllowed } from './ec2/dry-run';
import { ServiceError } from './json-service';

export type StandInService = 'codebuild' | 'codecommit';

/**
 * Resources of a request as policies name them: projects and repositories.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodebuild.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodecommit.html
 */
export function resourcesOfRequest(service: StandInService, input: Readonly<Record<string, unknown>>): string[] {
  if (service === 'codecommit') {
    const { repositoryName } = input;
    return [`arn:aws:codecommit:${region}:${account}:${typeof repositoryName === 'string' ? repositoryName : ''}`];
  }
  return projectsIn(input).map((name) => `arn:aws:codebuild:${region}:${account}:project/${name}`);
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
