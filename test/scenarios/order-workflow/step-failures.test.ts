import {
  eventFailures,
  notificationFailures,
  statusFailures,
  stepFailures,
} from '../../../scenarios/order-workflow/step-failures';
import { readDefinition } from '../../lib/order-workflow/read-definition';
import { synthesize } from '../../synthesis';

const { States } = readDefinition(synthesize().template('OrderWorkflow'));
const tasks = Object.entries(States)
  .filter(([, { Type }]) => Type === 'Task')
  .map(([name]) => name);

it('covers every task of the state machine', () => {
  // Failed by its task token instead.
  const byToken = 'Ask for approval';
  const failed = [
    ...stepFailures.map(({ state }) => state),
    ...[...statusFailures, ...eventFailures, ...notificationFailures].map(({ state }) => state),
  ];
  expect(new Set([byToken, ...failed])).toEqual(new Set(tasks));
});

it('expects no charge and no stock for orders that are neither confirmed nor need attention', () => {
  for (const { name, expected } of stepFailures) {
    const { status, charges, refunds, reserved } = expected;
    const kept = charges - refunds;
    if (status === 'confirmed') expect([name, kept, reserved]).toEqual([name, 1, 2]);
    if (status === 'failed' || status === 'rejected') expect([name, kept, reserved]).toEqual([name, 0, 0]);
  }
});
