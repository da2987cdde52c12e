import { z } from 'zod';
import { account, region } from '../connection';
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

/** The operations of CodeCommit that functions and scenarios use; each moved branch sends the documented event. */
export function repositoryOperations(repositories: Repositories, events: ServiceEvents): Operations {
  const moved = (repositoryName: string, branch: string, commitId: string, oldCommitId?: string): Promise<void> =>
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
        callerUserArn: `arn:aws:iam::${account}:root`,
      },
    });
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
    async CreateBranch(input) {
      const { repositoryName, branchName, commitId } = createBranchInput.parse(input);
      const heads = await repositories.heads(repositoryName);
      if (heads.has(branchName)) throw new ServiceError('BranchNameExistsException', `branch ${branchName} exists`);
      await repositories.branch(repositoryName, branchName, commitId);
      await moved(repositoryName, branchName, commitId);
      return {};
    },
    async CreateCommit(input) {
      const { repositoryName, branchName, parentCommitId, putFiles, ...by } = commitInput.parse(input);
      const head = (await repositories.heads(repositoryName)).get(branchName);
      if (head !== parentCommitId) {
        throw new ServiceError('ParentCommitIdOutdatedException', `the head of ${branchName} is ${head ?? 'none'}`);
      }
      const commitId = await repositories.commit(repositoryName, {
        branch: branchName,
        ...(head === undefined ? {} : { parent: head }),
        files: putFiles.map((file) => ({ path: file.filePath, content: Buffer.from(file.fileContent, 'base64') })),
        author: by.authorName,
        email: by.email,
        message: by.commitMessage,
      });
      await moved(repositoryName, branchName, commitId, head);
      return { commitId };
    },
  };
}
