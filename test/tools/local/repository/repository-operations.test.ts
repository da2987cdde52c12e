import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Repositories } from '../../../../tools/local/repository/repositories';
import { repositoryOperations } from '../../../../tools/local/repository/repository-operations';
import type { ServiceEvent } from '../../../../tools/local/service-events';

let folder: string;
let sent: ServiceEvent[];
let repositories: Repositories;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repositories-'));
  sent = [];
  repositories = new Repositories(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const operate = () => {
  const send = (event: ServiceEvent): Promise<void> => {
    sent.push(event);
    return Promise.resolve();
  };
  const arnOf = (key: string): Promise<string> => Promise.resolve(`arn:aws:iam::111122223333:user/${key}`);
  const operations = repositoryOperations(repositories, { send } as never, arnOf);
  return (name: string, input: object, by = 'alice') => operations[name]!({ repositoryName: 'demo', ...input }, by);
};
const call = (name: string, input: object, by?: string): Promise<object> => operate()(name, input, by);

const commit = async (content: string, more: object = {}): Promise<string> => {
  const putFiles = [{ filePath: 'a b/$(x).txt', fileContent: Buffer.from(content).toString('base64') }];
  return ((await call('CreateCommit', { branchName: 'main', putFiles, ...more })) as { commitId: string }).commitId;
};

it('a commit moves its branch, and can be checked out with its files', async () => {
  const first = await commit('one');
  const second = await commit('two', { parentCommitId: first, commitMessage: '"; rm -rf /' });
  expect(await call('GetBranch', { branchName: 'main' })).toEqual({ branch: { branchName: 'main', commitId: second } });
  for (const [id, content] of [
    [first, 'one'],
    [second, 'two'],
  ] as const) {
    const target = join(folder, id, 'source');
    await repositories.checkOut('demo', id, target);
    expect(readFileSync(join(target, 'a b/$(x).txt'), 'utf8')).toBe(content);
  }
});

it('each moved branch sends the documented event', async () => {
  const first = await commit('one');
  const second = await commit('two', { parentCommitId: first });
  await call('CreateBranch', { branchName: 'other', commitId: first }, 'bob');
  const details = sent.map(({ detail }) => detail as Record<string, string>);
  expect(details.map(({ event }) => event)).toEqual(['referenceCreated', 'referenceUpdated', 'referenceCreated']);
  expect(details[1]).toMatchObject({
    referenceType: 'branch',
    referenceName: 'main',
    referenceFullName: 'refs/heads/main',
    commitId: second,
    oldCommitId: first,
    callerUserArn: 'arn:aws:iam::111122223333:user/alice',
  });
  expect(details[2]?.['callerUserArn']).toBe('arn:aws:iam::111122223333:user/bob');
});

it('a commit on another parent than the head is refused', async () => {
  const first = await commit('one');
  await commit('two', { parentCommitId: first });
  await expect(commit('three', { parentCommitId: first })).rejects.toMatchObject({
    name: 'ParentCommitIdOutdatedException',
  });
});

it('a branch that is not there is an error by its name', async () => {
  await expect(call('GetBranch', { branchName: 'none' })).rejects.toMatchObject({
    name: 'BranchDoesNotExistException',
  });
});

it('a comment on a commit with a parent names it, and is posted once for each token', async () => {
  const once = operate();
  const first = await commit('one');
  const second = await commit('two', { parentCommitId: first });
  const on = { repositoryName: 'demo', afterCommitId: second };
  const post = (more: object): Promise<object> =>
    once('PostCommentForComparedCommit', { ...on, clientRequestToken: 't', content: 'text', ...more });
  await expect(post({})).rejects.toMatchObject({ name: 'CommitIdRequiredException' });
  const { commit: found } = (await once('GetCommit', { ...on, commitId: second })) as { commit: object };
  expect(found).toEqual({ commitId: second, parents: [first] });
  await post({ beforeCommitId: first });
  await post({ beforeCommitId: first });
  await expect(post({ beforeCommitId: first, content: 'other' })).rejects.toMatchObject({
    name: 'IdempotencyParameterMismatchException',
  });
  expect(await once('GetCommentsForComparedCommit', on)).toEqual({
    commentsForComparedCommitData: [{ ...on, comments: [{ content: 'text' }] }],
  });
});
