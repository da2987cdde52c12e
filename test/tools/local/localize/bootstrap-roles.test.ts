import { bootstrapRoles } from '../../../../tools/local/localize/bootstrap-roles';
import { assemblyOf, host } from './small-assembly';

test('no bootstrap role is left in the manifest or at an asset', () => {
  const assembly = assemblyOf({});
  expect(bootstrapRoles.apply(assembly, host)).toEqual(['Photos']);
  const [stack] = assembly.stacks;
  const text = JSON.stringify([assembly.manifest, stack?.assets]);
  expect(text).not.toMatch(/arn:(deploy|execute|lookup|publish)|requiresBootstrapStackVersion/);
  expect(text).toContain('stackTemplateAssetObjectUrl');
});
