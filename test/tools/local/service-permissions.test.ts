import { checkPermission, resourcesOfRequest } from '../../../tools/local/service-permissions';

const project = 'arn:aws:codebuild:us-east-1:000000000000:project/Scan';

it('a request about builds is about their projects', () => {
  const ids = ['Scan:1', 'Scan:2', 'arn:aws:codebuild:us-east-1:000000000000:build/Test:3'];
  expect(resourcesOfRequest('codebuild', { projectName: 'Scan' })).toEqual([project]);
  expect(resourcesOfRequest('codebuild', { id: 'Scan:1' })).toEqual([project]);
  expect(resourcesOfRequest('codebuild', { ids })).toEqual([project, project.replace('Scan', 'Test')]);
});

it('a request about a repository names it', () => {
  const found = resourcesOfRequest('codecommit', { repositoryName: 'source', branchName: 'main' });
  expect(found).toEqual(['arn:aws:codecommit:us-east-1:000000000000:source']);
});

it('a caller needs the permission on every resource of a request', async () => {
  const isAllowed = (key: string, action: string, resource: string) =>
    Promise.resolve(key === 'key' && action === 'codebuild:BatchGetBuilds' && resource === project);
  const check = (ids: string[]) =>
    checkPermission(isAllowed, {
      ...{ service: 'codebuild' as const, operation: 'BatchGetBuilds' },
      ...{ input: { ids }, accessKeyId: 'key' },
    });
  await expect(check(['Scan:1'])).resolves.toBeUndefined();
  await expect(check(['Scan:1', 'Test:1'])).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
