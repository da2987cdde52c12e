import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to CodeBuild. */
export function createCodeBuildClient(limits: ClientLimits = {}): CodeBuildClient {
  return createLimitedClient(CodeBuildClient, limits);
}
