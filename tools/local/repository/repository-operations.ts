import { z } from 'zod';
import { account, region } from '../connection';
import type { ArnOf } from '../ec2/caller-permissions';
import { ServiceError, type Operations } from '../json-service';
import type { ServiceEvents } from '../service-events';
import type { Repositories } from './repositories';

const branchInput = z.object({ repositoryName: z.string(), branchName: z.string() });
const createBranchInput = branchInput.extend({ commitId: z.string() });
const commitInput = branchInput.extend({
  parentCommitId: z.string().optional(),
  authorName: z.string().default('local'),
  email: z.string().default('local@example.com'),
  commitMessage: z.string().default(''),
  putFiles: z.array(z.object({ filePath: z.string(), fileContent: z.string() })).default([]),
});

const comparedInput = z.object({ repositoryName: z.string(), afterCommitId: z.string() });
const commentInput = comparedInput.extend({
  beforeCommitId: z.string().optional(),
  content: z.string().min(1),
  clientRequestToken: z.string().optional(),
});

interface MovedBranch {
  readonly repositoryName: string;
  readonly branch: string;
  readonly commitId: string;
  readonly oldCommitId?: string | undefined;
  /** Access key of who has moved it. */
  readonly by: string;
}

/**
 * The operations of CodeCommit that functions and scenarios use; each moved branch sends the documented event.
 *
 * @param arnOf asked for those who move branches
 */
export function repositoryOperations(repositories: Repositories, events: ServiceEvents, arnOf: ArnOf): Operations {
  const moved = async ({ repositoryName, branch, commitId, oldCommitId, by }: MovedBranch): Promise<void> =>
    events.send({
      service: 'codecommit',
      detailType: 'CodeCommit Repository State Change',
      resources: [`arn:aws:codecommit:${region}:${account}:${repositoryName}`],
      // https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html
      detail: {
        event: oldCommitId === undefined ? 'referenceCreated' : 'referenceUpdated',
        repositoryName,
        repositoryId: repositoryName,
        referenceType: 'branch',
        referenceName: branch,
        referenceFullName: `refs/heads/${branch}`,
        commitId,
        ...(oldCommitId === undefined ? {} : { oldCommitId }),
        callerUserArn: await arnOf(by),
      },
    });
  const comments: z.output<typeof commentInput>[] = [];
  return {
    async GetBranch(input) {
      const { repositoryName, branchName } = branchInput.parse(input);
      const commitId = (await repositories.heads(repositoryName)).get(branchName);
      if (commitId === undefined) throw new ServiceError('BranchDoesNotExistException', `no branch ${branchName}`);
      return { branch: { branchName, commitId } };
    },
    async ListBranches(input) {
      const { repositoryName } = z.object({ repositoryName: z.string() }).parse(input);
      return { branches: [...(await repositories.heads(repositoryName)).keys()] };
    },
    async GetCommit(input) {
      const { repositoryName, commitId } = z.object({ repositoryName: z.string(), commitId: z.string() }).parse(input);
      const parents = await repositories.parents(repositoryName, commitId);
      if (parents === undefined) throw new ServiceError('CommitIdDoesNotExistException', `no commit ${commitId}`);
      return { commit: { commitId, parents } };
    },
    async PostCommentForComparedCommit(input) {
      const posted = commentInput.parse(input);
      const { repositoryName, afterCommitId, beforeCommitId, clientRequestToken: token, content } = posted;
      const [parent] = (await repositories.parents(repositoryName, afterCommitId)) ?? [];
      if (parent !== undefined && beforeCommitId === undefined) {
        throw new ServiceError('CommitIdRequiredException', 'a commit with a parent is compared with another commit');
      }
      if (content.length > 10_240)
        throw new ServiceError('CommentContentSizeLimitExceededException', 'use 10,240 characters');
      const earlier = comments.find((one) => token !== undefined && one.clientRequestToken === token);
      if (earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(posted)) {
        throw new ServiceError('IdempotencyParameterMismatchException', 'the token was used with other parameters');
      }
      if (earlier === undefined) comments.push(posted);
      return { repositoryName, afterCommitId, comment: { content } };
    },
    GetCommentsForComparedCommit(input) {
      const { repositoryName, afterCommitId } = comparedInput.parse(input);
      const found = comments.filter(
        (one) => one.repositoryName === repositoryName && one.afterCommitId === afterCommitId,
      );
      const data = found.map(({ content }) => ({ repositoryName, afterCommitId, comments: [{ content }] }));
      return Promise.resolve({ commentsForComparedCommitData: data });
    },
    async CreateBranch(input, by) {
      const { repositoryName, branchName, commitId } = createBranchInput.parse(input);
      const heads = await repositories.heads(repositoryName);
      if (heads.has(branchName)) throw new ServiceError('BranchNameExistsException', `branch ${branchName} exists`);
      await repositories.branch(repositoryName, branchName, commitId);
      await moved({ repositoryName, branch: branchName, commitId, by });
      return {};
    },
    async CreateCommit(input, by) {
      const { repositoryName, branchName, parentCommitId, putFiles, ...about } = commitInput.parse(input);
      const head = (await repositories.heads(repositoryName)).get(branchName);
      if (head !== parentCommitId) {
        throw new ServiceError('ParentCommitIdOutdatedException', `the head of ${branchName} is ${head ?? 'none'}`);
      }
      const commitId = await repositories.commit(repositoryName, {
        branch: branchName,
        ...(head === undefined ? {} : { parent: head }),
        files: putFiles.map((file) => ({ path: file.filePath, content: Buffer.from(file.fileContent, 'base64') })),
        author: about.authorName,
        email: about.email,
        message: about.commitMessage,
      });
      await moved({ repositoryName, branch: branchName, commitId, oldCommitId: head, by });
      return { commitId };
    },
  };
}
