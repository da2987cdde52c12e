import { reservedConcurrency } from '../../../tools/local/after-deployment';
import { assemblyOf, nodeFunction } from './localize/small-assembly';

test('functions of the deployed stacks with reserved concurrency are listed', () => {
  const assembly = assemblyOf({ Resize: nodeFunction({ ReservedConcurrentExecutions: 5 }), Other: nodeFunction() });
  expect(reservedConcurrency(assembly, ['Photos'])).toEqual([
    { stack: 'Photos', logicalId: 'Resize', name: 'Photos/Resize', executions: 5 },
  ]);
  expect(reservedConcurrency(assembly, ['Orders'])).toEqual([]);
});
