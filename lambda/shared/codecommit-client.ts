import { CodeCommitClient } from '@aws-sdk/client-codecommit';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to CodeCommit. */
export function createCodeCommitClient(limits: ClientLimits = {}): CodeCommitClient {
  return createLimitedClient(CodeCommitClient, limits);
}
