import { BatchGetBuildsCommand, CodeBuildClient, ListBuildsForProjectCommand } from '@aws-sdk/client-codebuild';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import type { Deployment } from './deployment';

/** Name of the function that a state invokes. */
export async function functionOf({ stepFunctions, machine }: Deployment, state: string): Promise<string> {
  const { definition = '' } = await stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn: machine }));
  const { States } = JSON.parse(definition) as { States: Record<string, { Parameters?: { FunctionName?: string } }> };
  return States[state]?.Parameters?.FunctionName?.split(':').at(-1) ?? '';
}

/** Name of the project of a step. */
export async function projectOf(deployment: Deployment, step: string): Promise<string> {
  const FunctionName = await functionOf(deployment, 'Scan the commit');
  const { Environment } = await new LambdaClient({}).send(new GetFunctionConfigurationCommand({ FunctionName }));
  return (JSON.parse(Environment?.Variables?.['PROJECTS'] ?? '{}') as Record<string, string>)[step] ?? '';
}

/** The newest builds of a project, at most 100, as far as they belong to these runs. */
export async function buildsOf(
  projectName: string,
  runIds: readonly string[],
): Promise<{ readonly runId: string; readonly status: string | undefined }[]> {
  const codebuild = new CodeBuildClient({});
  const { ids = [] } = await codebuild.send(new ListBuildsForProjectCommand({ projectName, sortOrder: 'DESCENDING' }));
  if (ids.length === 0) return [];
  const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: ids.slice(0, 100) }));
  return builds.flatMap(({ environment, buildStatus: status }) => {
    const runId = environment?.environmentVariables?.find(({ name }) => name === 'RUN_ID')?.value ?? '';
    return runIds.includes(runId) ? [{ runId, status }] : [];
  });
}
