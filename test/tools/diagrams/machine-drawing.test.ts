import { machineDrawings } from '../../../tools/diagrams/machine-drawing';
import { loadGraphviz } from '../../../tools/diagrams/layout';
import type { Template } from '../../../tools/template/template';

const definition = {
  StartAt: 'Charge',
  States: {
    Charge: { Type: 'Task', Next: 'Was it paid?', Catch: [{ Next: 'Failed' }, { Next: 'Was it paid?' }] },
    'Was it paid?': { Type: 'Choice', Choices: [{ Next: 'Done' }], Default: 'Failed' },
    Done: { Type: 'Succeed' },
    Failed: { Type: 'Fail' },
  },
};
const template: Template = {
  Resources: {
    Machine1A2B: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { DefinitionString: JSON.stringify(definition) },
      Metadata: { 'aws:cdk:path': 'Orders/Payment/StateMachine/Resource' },
    },
  },
};

test('a state machine is drawn from top to bottom with every state and one line for each transition', async () => {
  const [machine] = machineDrawings(template, await loadGraphviz());
  const { nodes, edges } = machine?.drawing ?? { nodes: [], edges: [] };
  expect(machine?.name).toBe('Payment');
  expect(nodes.map(({ id, service }) => `${id}: ${service}`).sort()).toEqual([
    'Charge: Task',
    'Done: Succeed',
    'Failed: Fail',
    'Was it paid?: Choice',
  ]);
  expect(edges.map(({ from, to, kind }) => `${from} -> ${to} (${kind})`).sort()).toEqual([
    'Charge -> Failed (failure)',
    'Charge -> Was it paid? (data)',
    'Was it paid? -> Done (data)',
    'Was it paid? -> Failed (data)',
  ]);
  const height = (id: string) => nodes.find((node) => node.id === id)?.y ?? 0;
  expect(height('Charge')).toBeLessThan(height('Was it paid?'));
});
