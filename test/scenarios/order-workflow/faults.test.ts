import { announcements, marks } from '../../../scenarios/order-workflow/direct-faults';
import { faults } from '../../../scenarios/order-workflow/faults';
import { definitionIn } from '../../lib/order-workflow/definition-in';
import { synthesize } from '../../synthesis';

const { States } = definitionIn(synthesize().template('OrderWorkflow'));
const tasks = Object.entries(States)
  .filter(([, { Type }]) => Type === 'Task')
  .map(([name]) => name);

it('every task of the machine is made to fail by a proof', () => {
  // The proof of paths answers the task token of this one with a failure.
  const byToken = 'Ask for approval';
  const failed = [
    ...faults.map(({ denial }) => denial.state),
    ...[...marks, ...announcements].map(({ state }) => state),
  ];
  expect([...new Set([byToken, ...failed])].sort()).toEqual([...tasks].sort());
});

it('money and stock of a fault agree: what is not confirmed keeps no charge, unless a person is called', () => {
  for (const { name, expected } of faults) {
    const { status, charges, refunds, taken } = expected;
    const kept = charges - refunds;
    if (status === 'confirmed') expect([name, kept, taken]).toEqual([name, 1, 2]);
    if (status === 'failed' || status === 'rejected') expect([name, kept, taken]).toEqual([name, 0, 0]);
  }
});
