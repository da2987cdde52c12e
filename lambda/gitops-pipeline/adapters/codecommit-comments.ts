import { GetCommitCommand, PostCommentForComparedCommitCommand } from '@aws-sdk/client-codecommit';
import { createHash } from 'node:crypto';
import type { Repository } from './codecommit-branches';

/**
 * Comments on a commit, once for each id. Needs `codecommit:GetCommit` and `codecommit:PostCommentForComparedCommit`.
 *
 * A comment on a commit that has parents names one of them:
 * https://docs.aws.amazon.com/codecommit/latest/APIReference/API_PostCommentForComparedCommit.html
 */
export async function commentOn(
  { client, name: repositoryName }: Repository,
  { commitId, content, id }: { readonly commitId: string; readonly content: string; readonly id: string },
): Promise<void> {
  const { commit } = await client.send(new GetCommitCommand({ repositoryName, commitId }));
  const beforeCommitId = commit?.parents?.[0];
  const post = new PostCommentForComparedCommitCommand({
    repositoryName,
    afterCommitId: commitId,
    ...(beforeCommitId === undefined ? {} : { beforeCommitId }),
    content,
    clientRequestToken: createHash('sha256').update(id).digest('hex'),
  });
  try {
    await client.send(post);
  } catch (error) {
    // An earlier attempt has commented, with another duration.
    if (!(error instanceof Error) || error.name !== 'IdempotencyParameterMismatchException') throw error;
  }
}
