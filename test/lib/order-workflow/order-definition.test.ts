import validate from 'asl-validator';
import { transientLambdaErrors } from '../../../lib/constructs/asl';
import { stages, synthesize } from '../../synthesis';
import { readDefinition, definitionText, type StateInTemplate } from './read-definition';
import { executionPaths, type ExecutionPath } from './execution-paths';

describe.each(stages)('the definition in %s', (stage) => {
  const template = synthesize({ stage }).template('OrderWorkflow');
  const definition = readDefinition(template);
  const states = Object.entries(definition.States);
  const tasks = states.filter(([, { Type }]) => Type === 'Task');

  it('is valid Amazon States Language once its joins are resolved', () => {
    const text = definitionText(template);
    expect(text).not.toContain('Fn::');
    const { isValid, errorsText } = validate(JSON.parse(text) as object, { checkPaths: true, checkArn: true });
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
    const broken = text.replace('"Next":"Was it rejected?"', '"Next":"Nowhere"');
    expect(validate(JSON.parse(broken) as object).isValid).toBe(false);
  });

  it('has a timeout for every task, and one for the execution that is longer than the approval', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(10);
    expect(tasks.filter(([, { TimeoutSeconds = 0 }]) => TimeoutSeconds <= 0)).toEqual([]);
    const approval = definition.States['Ask for approval']?.TimeoutSeconds ?? 0;
    expect(approval).toBe(86_400);
    expect(definition.TimeoutSeconds).toBeGreaterThan(approval);
  });

  it('retries a charge three times at most, and only after named errors', () => {
    const charge = definition.States['Charge the payment'];
    expect(charge?.Retry).toHaveLength(1);
    expect(charge?.Retry?.[0]).toMatchObject({ MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'FULL' });
    const caught = charge?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    expect(caught).toContain('PaymentUnavailableError');
    expect(caught).not.toContain('States.ALL');
    expect(caught).not.toContain('States.TaskFailed');
  });

  it('retries every function after each transient error, with jitter and a maximum delay', () => {
    const calls = tasks.filter(([, { Resource = '' }]) => Resource.includes(':lambda:invoke'));
    expect(calls).toHaveLength(8);
    for (const [name, { Retry = [] }] of calls) {
      const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      // The approval's timeout ends the wait for a person and is not retried.
      const wanted = transientLambdaErrors.filter((error) => name !== 'Ask for approval' || error !== 'States.Timeout');
      expect(wanted.filter((error) => !retried.includes(error))).toEqual([]);
      for (const one of Retry) expect(one).toMatchObject({ JitterStrategy: 'FULL', MaxDelaySeconds: 20 });
    }
  });

  it('reaches every state, and a terminal state from each', () => {
    const after = ({ Next, Default, Choices = [], Catch = [] }: StateInTemplate) =>
      [Next, Default, ...Choices.map((one) => one.Next), ...Catch.map((one) => one.Next)].filter(
        (one) => one !== undefined,
      );
    const reached = new Set(['Validate the order', ...states.flatMap(([, state]) => after(state))]);
    expect(states.map(([name]) => name).filter((name) => !reached.has(name))).toEqual([]);
    const endless = states.filter(
      ([, state]) => after(state).length === 0 && !['Succeed', 'Fail'].includes(state.Type),
    );
    expect(endless).toEqual([]);
  });
});

it('takes the threshold and the timeout of approvals from the settings', () => {
  const settings = { approvalThreshold: 3, approvalTimeoutSeconds: 120, lateApprovalSeconds: 60 };
  const context = { 'order-workflow': { ...settings, lateApprovalSeconds: 300, approvalTimeoutSeconds: 600 } };
  const { States } = readDefinition(synthesize(context).template('OrderWorkflow'));
  expect(JSON.stringify(States['What does the order need first?'])).toContain('$units > 3');
  expect(States['Ask for approval']?.TimeoutSeconds).toBe(600);
});

describe('for every result and every failure', () => {
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
    ['Send the confirmation', 'confirmed', undefined],
    ['Refund the payment', 'needs-attention', 'out-of-stock'],
    ['Tell the customer', 'rejected', 'invalid-order'],
    ['Mark the order confirmed', undefined, undefined],
    ['Mark the order ended', undefined, 'invalid-order'],
    ['Announce the confirmed order', 'confirmed', undefined],
    ['Announce how it ended', 'rejected', 'invalid-order'],
  ])('a failure of %s alone can leave the order %s (%s)', (name, status, reason) => {
    const alone = paths.filter(({ failed }) => failed.join() === name);
    expect(alone.map((path) => [finalStatus(path), path.variables['reason']])).toContainEqual([status, reason]);
    const caught = !/^(Mark|Announce)/.test(name);
    expect(alone.filter((path) => path.caught !== caught)).toEqual([]);
  });

  it('only an order that was charged and whose stock was reserved is confirmed, without a refund', () => {
    for (const path of paths) {
      const completed = succeeded(path, 'Charge the payment') && succeeded(path, 'Update the inventory');
      const kept = completed && entered(path, 'Send the confirmation');
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
      const kept = entered(path, 'Send the confirmation');
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
      expect(path.states.filter((name) => /^(Tell the customer|Send the confirmation)$/.test(name))).toHaveLength(1);
      expect(['confirmed', 'rejected', 'failed']).toContain(finalStatus(path));
      expect(path.states.some((name) => name.startsWith('Announce'))).toBe(true);
    }
  });
});
