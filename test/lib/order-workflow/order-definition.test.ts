import validate from 'asl-validator';
import { transientLambdaErrors } from '../../../lib/constructs/asl';
import { stages, synthesize } from '../../synthesis';
import { definitionIn, definitionText, type StateInTemplate } from './definition-in';
import { fatesOf, type Fate } from './fates';

describe.each(stages)('the definition in %s', (stage) => {
  const template = synthesize({ stage }).template('OrderWorkflow');
  const definition = definitionIn(template);
  const states = Object.entries(definition.States);
  const tasks = states.filter(([, { Type }]) => Type === 'Task');

  it('is valid in Amazon States Language once its joins are resolved', () => {
    const text = definitionText(template);
    expect(text).not.toContain('Fn::');
    const { isValid, errorsText } = validate(JSON.parse(text) as object, { checkPaths: true, checkArn: true });
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
    const broken = text.replace('"Next":"Was it rejected?"', '"Next":"Nowhere"');
    expect(validate(JSON.parse(broken) as object).isValid).toBe(false);
  });

  it('every task and the machine have a timeout, and the machine outlasts the approval', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(10);
    expect(tasks.filter(([, { TimeoutSeconds = 0 }]) => TimeoutSeconds <= 0)).toEqual([]);
    const approval = definition.States['Ask for approval']?.TimeoutSeconds ?? 0;
    expect(approval).toBe(86_400);
    expect(definition.TimeoutSeconds).toBeGreaterThan(approval);
  });

  it('no retry of a charge catches every error, and there are three at most', () => {
    const charge = definition.States['Charge the payment'];
    expect(charge?.Retry).toHaveLength(1);
    expect(charge?.Retry?.[0]).toMatchObject({ MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'FULL' });
    const caught = charge?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    expect(caught).toContain('PaymentUnavailable');
    expect(caught).not.toContain('States.ALL');
    expect(caught).not.toContain('States.TaskFailed');
  });

  it('every function is tried again after each error of the service, with a cap and jitter', () => {
    const calls = tasks.filter(([, { Resource = '' }]) => Resource.includes(':lambda:invoke'));
    expect(calls).toHaveLength(8);
    for (const [name, { Retry = [] }] of calls) {
      const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      // The approval's own timeout is the end of waiting for a person.
      const wanted = transientLambdaErrors.filter((error) => name !== 'Ask for approval' || error !== 'States.Timeout');
      expect(wanted.filter((error) => !retried.includes(error))).toEqual([]);
      for (const one of Retry) expect(one).toMatchObject({ JitterStrategy: 'FULL', MaxDelaySeconds: 20 });
    }
  });

  it('every state is reached, and every way leads to an end', () => {
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

it('the threshold and the timeout of approvals are those of the settings', () => {
  const settings = { approvalThreshold: 3, approvalTimeoutSeconds: 120, lateApprovalSeconds: 60 };
  const context = { 'order-workflow': { ...settings, lateApprovalSeconds: 300, approvalTimeoutSeconds: 600 } };
  const { States } = definitionIn(synthesize(context).template('OrderWorkflow'));
  expect(JSON.stringify(States['What does the order need first?'])).toContain('$units > 3');
  expect(States['Ask for approval']?.TimeoutSeconds).toBe(600);
});

describe('whatever answers and whatever fails', () => {
  const definition = definitionIn(synthesize().template('OrderWorkflow'));
  const fates = fatesOf(definition);
  const marked = ({ path, failed, variables: { ending } }: Fate): string | undefined => {
    const mark = path.findLast((name) => name.startsWith('Mark the order') && !failed.includes(name));
    if (mark === 'Mark the order ended') return String(ending);
    return mark?.replace(/^Mark the order (as )?/, '').replace('needing attention', 'needs-attention');
  };
  const did = ({ path, failed }: Fate, name: string) => path.includes(name) && !failed.includes(name);
  const reason = ({ variables }: Fate) => variables['reason'];

  it('there is a fate for each failure, and none goes in circles', () => {
    const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Task');
    for (const [name] of tasks) expect(fates.some(({ failed }) => failed.includes(name))).toBe(true);
    expect(fates.filter(({ path }) => new Set(path).size !== path.length)).toEqual([]);
  });

  /** One failure alone: where it leads, and as what the order ends; where nothing catches it, the rule on ended executions marks the order. */
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
  ])('%s failing alone can leave the order %s (%s)', (name, status, why) => {
    const alone = fates.filter(({ failed }) => failed.join() === name);
    expect(alone.map((fate) => [marked(fate), reason(fate)])).toContainEqual([status, why]);
    const caught = !/^(Mark|Announce)/.test(name);
    expect(alone.filter((fate) => fate.caught !== caught)).toEqual([]);
  });

  it('an order is confirmed exactly where it was charged, taken from stock and nothing was undone', () => {
    for (const fate of fates) {
      const carried = did(fate, 'Charge the payment') && did(fate, 'Update the inventory');
      const kept = carried && fate.path.includes('Send the confirmation');
      if (marked(fate) === 'confirmed') expect([fate, kept]).toEqual([fate, true]);
      if (kept) expect(fate.path).not.toContain('Refund the payment');
    }
  });

  it('only a valid order is charged, and a large one only once it is approved', () => {
    for (const { path, variables } of fates.filter((fate) => fate.path.includes('Charge the payment'))) {
      const { valid, units, decision = 'none' } = variables;
      expect([path, valid, units === 10 || decision === 'approve']).toEqual([path, true, true]);
    }
  });

  it('a charge that was made or may have been is refunded where the order is not carried out, and no other is', () => {
    for (const fate of fates) {
      const { path, variables } = fate;
      const mayBe =
        path.includes('Charge the payment') && !(did(fate, 'Charge the payment') && variables['charge'] === 'declined');
      const carried = path.includes('Send the confirmation');
      expect([path, path.includes('Refund the payment')]).toEqual([path, mayBe && !carried]);
    }
  });

  it('stock that may have been taken is given back once the money is, and no other is', () => {
    for (const fate of fates) {
      const { path, failed } = fate;
      const mayBe = failed.includes('Update the inventory') && did(fate, 'Refund the payment');
      expect([path, path.includes('Give the stock back')]).toEqual([path, mayBe]);
    }
  });

  it('a compensation that fails ends as needing attention and never as an order that was undone', () => {
    const stuck = fates.filter(
      ({ failed }) => failed.includes('Refund the payment') || failed.includes('Give the stock back'),
    );
    expect(stuck.length).toBeGreaterThan(0);
    for (const { path } of stuck) {
      expect(path).toContain('Mark the order as needing attention');
      expect(path).not.toContain('Mark the order ended');
      expect(path).not.toContain('The order failed');
    }
  });

  it('every other order ends with the customer told, or tried to be, and the order marked and announced', () => {
    const ended = fates.filter(({ caught, path }) => caught && path.at(-1) !== 'The compensation failed');
    for (const fate of ended) {
      expect(fate.path.filter((name) => /^(Tell the customer|Send the confirmation)$/.test(name))).toHaveLength(1);
      expect(['confirmed', 'rejected', 'failed']).toContain(marked(fate));
      expect(fate.path.some((name) => name.startsWith('Announce'))).toBe(true);
    }
  });
});
