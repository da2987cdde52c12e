import { synthesize } from '../../synthesis';
import { executionPaths, type ExecutionPath } from './execution-paths';
import { readDefinition } from './read-definition';

const definition = readDefinition(synthesize().template('OrderWorkflow'));
const paths = executionPaths(definition);
const entered = ({ states }: ExecutionPath, name: string) => states.includes(name);
const succeeded = (path: ExecutionPath, name: string) => entered(path, name) && !path.failed.includes(name);
const finalStatus = ({ states, failed, variables: { ending } }: ExecutionPath): string | undefined => {
  const last = states.findLast((name) => name.startsWith('Mark the order') && !failed.includes(name));
  if (last === 'Mark the order ended') return String(ending);
  return last?.replace(/^Mark the order (as )?/, '').replace('needing attention', 'needs-attention');
};

it('there is a path for each failure, and none loops', () => {
  const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Task');
  for (const [name] of tasks) expect(paths.some(({ failed }) => failed.includes(name))).toBe(true);
  expect(paths.filter(({ states }) => new Set(states).size !== states.length)).toEqual([]);
});

/** One failure alone and the final status; after an uncaught failure MarkEndedOrder sets the status. */
it.each([
  ['Validate the order', 'failed', 'validation-failed'],
  ['Ask for approval', 'rejected', 'approval-expired'],
  ['Ask for approval', 'failed', 'approval-failed'],
  ['Charge the payment', 'failed', 'payment-failed'],
  ['Update the inventory', 'failed', 'inventory-failed'],
  ['Refund the payment', 'needs-attention', 'out-of-stock'],
  ['Mark the order ended', undefined, 'none'],
  ['Mark the order ended', undefined, 'invalid-order'],
  ['Announce how it ended', 'confirmed', 'none'],
  ['Announce how it ended', 'rejected', 'invalid-order'],
  ['Notify the customer', 'confirmed', 'none'],
  ['Notify the customer', 'rejected', 'invalid-order'],
])('a failure of %s alone can leave the order %s (%s)', (name, status, reason) => {
  const alone = paths.filter(({ failed }) => failed.join() === name);
  expect(alone.map((path) => [finalStatus(path), path.variables['reason']])).toContainEqual([status, reason]);
  const caught = !/^(Mark|Announce)/.test(name);
  expect(alone.filter((path) => path.caught !== caught)).toEqual([]);
});

it('only an order that was charged and whose stock was reserved is confirmed, without a refund', () => {
  for (const path of paths) {
    const completed = succeeded(path, 'Charge the payment') && succeeded(path, 'Update the inventory');
    const kept = completed && path.variables['ending'] === 'confirmed';
    if (finalStatus(path) === 'confirmed') expect([path, kept]).toEqual([path, true]);
    if (kept) expect(path.states).not.toContain('Refund the payment');
  }
});

it('only a valid order is charged, and a large one only after approval', () => {
  for (const { states, variables } of paths.filter((path) => entered(path, 'Charge the payment'))) {
    const { valid, units, decision = 'none' } = variables;
    expect([states, valid, units === 10 || decision === 'approve']).toEqual([states, true, true]);
  }
});

it('exactly the charges that were or may have been made are refunded if the order is not confirmed', () => {
  for (const path of paths) {
    const declined = succeeded(path, 'Charge the payment') && path.variables['charge'] === 'declined';
    const mayBeCharged = entered(path, 'Charge the payment') && !declined;
    const kept = path.variables['ending'] === 'confirmed';
    expect([path, entered(path, 'Refund the payment')]).toEqual([path, mayBeCharged && !kept]);
  }
});

it('exactly the stock that may have been reserved is released, after the refund', () => {
  for (const path of paths) {
    const mayBeReserved = path.failed.includes('Update the inventory') && succeeded(path, 'Refund the payment');
    expect([path, entered(path, 'Release the stock')]).toEqual([path, mayBeReserved]);
  }
});

it('a failed compensation ends as needs-attention and never as failed or rejected', () => {
  const stuck = paths.filter(
    ({ failed }) => failed.includes('Refund the payment') || failed.includes('Release the stock'),
  );
  expect(stuck.length).toBeGreaterThan(0);
  for (const { states } of stuck) {
    expect(states).toContain('Mark the order as needing attention');
    expect(states).not.toContain('Mark the order ended');
    expect(states).not.toContain('The order failed');
  }
});

it('every other order ends with one attempt to notify, a terminal status and an event', () => {
  const ended = paths.filter(({ caught, states }) => caught && states.at(-1) !== 'The compensation failed');
  for (const path of ended) {
    expect(path.states.filter((name) => name === 'Notify the customer')).toHaveLength(1);
    expect(['confirmed', 'rejected', 'failed']).toContain(finalStatus(path));
    expect(path.states).toContain('Announce how it ended');
    const marked = path.failed.includes('Notify the customer');
    expect([path, entered(path, 'Mark the customer as not notified')]).toEqual([path, marked]);
  }
});
