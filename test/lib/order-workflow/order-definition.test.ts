import validate from 'asl-validator';
import { lambdaErrors } from '../../../lib/order-workflow/states/step';
import { stages, synthesize } from '../../synthesis';
import { definitionIn, definitionText, type StateInTemplate } from './definition-in';

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
      const wanted = lambdaErrors.filter((error) => name !== 'Ask for approval' || error !== 'States.Timeout');
      expect(wanted.filter((error) => !retried.includes(error))).toEqual([]);
      for (const one of Retry) expect(one).toMatchObject({ JitterStrategy: 'FULL', MaxDelaySeconds: 20 });
    }
  });

  it('a charge whose outcome is unknown is undone, and stock that may have been taken too', () => {
    const next = (name: string) =>
      definition.States[name]?.Catch?.map(({ ErrorEquals, Next }) => [...ErrorEquals, Next]);
    expect(next('Charge the payment')).toEqual([['States.ALL', 'Refund the payment']]);
    expect(next('Update the inventory')).toEqual([['States.ALL', 'Refund the payment']]);
    expect(next('Refund the payment')).toEqual([['States.ALL', 'Mark the order as needing attention']]);
    expect(next('Give the stock back')).toEqual([['States.ALL', 'Mark the order as needing attention']]);
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
