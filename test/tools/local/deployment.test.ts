import { assemblyOf } from '../../../tools/local/deployment';
import { workspaceOf } from '../../../tools/local/workspace';

it('the first deployment keeps its templates, with which permissions are compared, when variants follow', () => {
  const workspace = workspaceOf('/checkout');
  const pass = { overrides: [], slugs: ['order-workflow'], only: [] };
  const first = assemblyOf(workspace, pass);
  expect(first).toBe(workspace.assembly);
  expect(assemblyOf(workspace, { ...pass, variants: { 'order-workflow': 'email' } })).not.toBe(first);
});
