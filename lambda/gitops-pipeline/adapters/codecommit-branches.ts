import { GetBranchCommand, paginateListBranches, type CodeCommitClient } from '@aws-sdk/client-codecommit';

export interface Repository {
  readonly client: CodeCommitClient;
  readonly name: string;
}

/** Returns the head of a branch, or undefined if there is none. Needs `codecommit:GetBranch`. */
export async function headOf({ client, name }: Repository, branch: string): Promise<string | undefined> {
  try {
    const { branch: found } = await client.send(new GetBranchCommand({ repositoryName: name, branchName: branch }));
    return found?.commitId;
  } catch (error) {
    if (error instanceof Error && error.name === 'BranchDoesNotExistException') return undefined;
    throw error;
  }
}

/** Names of all branches. Needs `codecommit:ListBranches`. */
export async function branchesOf({ client, name }: Repository): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListBranches({ client }, { repositoryName: name })) {
    names.push(...(page.branches ?? []));
  }
  return names;
}
