import validate from 'asl-validator';
import { transientLambdaErrors } from '../../../lib/constructs/asl';
import { stages, synthesize } from '../../synthesis';
import { readDefinition, definitionText, type Retrier, type StateInTemplate } from './read-definition';
import { executionPaths } from './execution-paths';

/** Sum of all delays of a retrier without jitter. */
function delaySeconds(retrier: Retrier | undefined): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, MaxAttempts = 3 } = retrier ?? {};
  const delays = Array.from({ length: MaxAttempts }, (_, n) =>
    Math.min(IntervalSeconds * BackoffRate ** n, MaxDelaySeconds),
  );
  return delays.reduce((sum, delay) => sum + delay, 0);
}

/** Largest values that the settings allow. */
const longest = {
  approvalTimeoutSeconds: 2_592_000,
  chargeRetrySeconds: 604_800,
  refundRetrySeconds: 604_800,
};

describe('the definition', () => {
  const template = synthesize().template('OrderWorkflow');
  const definition = readDefinition(template);
  const states = Object.entries(definition.States);
  const tasks = states.filter(([, { Type }]) => Type === 'Task');

  it('is the same in every stage', () => {
    for (const stage of stages) {
      expect(definitionText(synthesize({ stage }).template('OrderWorkflow'))).toBe(definitionText(template));
    }
  });

  it('is valid Amazon States Language once its joins are resolved', () => {
    const text = definitionText(template);
    expect(text).not.toContain('Fn::');
    const { isValid, errorsText } = validate(JSON.parse(text) as object, { checkPaths: true, checkArn: true });
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
    const broken = text.replace('"Next":"How did it end?"', '"Next":"Nowhere"');
    expect(validate(JSON.parse(broken) as object).isValid).toBe(false);
  });

  it('has a timeout for every task, and a decision in its last second still arrives in time', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(10);
    expect(tasks.filter(([, { TimeoutSeconds = 0 }]) => TimeoutSeconds <= 0)).toEqual([]);
    const approval = definition.States['Ask for approval'];
    const payload = approval?.Arguments?.['Payload'] as { timeoutSeconds: number };
    expect(payload.timeoutSeconds).toBe(86_400);
    // DecideApproval takes at most 15 s.
    expect((approval?.TimeoutSeconds ?? 0) - payload.timeoutSeconds).toBeGreaterThanOrEqual(30);
  });

  it('retries every function after each transient error, apart from throttling by Lambda', () => {
    const calls = tasks.filter(([, { Resource = '' }]) => Resource.includes(':lambda:invoke'));
    expect(calls).toHaveLength(7);
    for (const [name, { Retry = [] }] of calls) {
      const retrierOf = (error: string) =>
        Retry.find((one) => one.ErrorEquals.some((e) => [error, 'States.ALL'].includes(e)));
      // The approval's timeout ends the wait for a person and is not retried.
      const expected = transientLambdaErrors.filter(
        (error) => name !== 'Ask for approval' || error !== 'States.Timeout',
      );
      expect(expected.filter((error) => retrierOf(error) === undefined)).toEqual([]);
      const throttled = retrierOf('Lambda.TooManyRequestsException');
      expect(throttled?.ErrorEquals).toEqual(['Lambda.TooManyRequestsException', 'ServiceBusyError']);
      expect(throttled).toMatchObject({ JitterStrategy: 'FULL' });
      expect(delaySeconds(throttled)).toBeGreaterThanOrEqual(4 * 3_600);
    }
  });

  it('bounds every delay of a retry', () => {
    const retriers = tasks.flatMap(([, { Retry = [] }]) => Retry).filter((one) => one.MaxAttempts !== 0);
    for (const one of retriers) expect(one.MaxDelaySeconds).toBeLessThanOrEqual(900);
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
  const context = {
    'order-workflow': { approvalThreshold: 3, lateApprovalSeconds: 300, approvalTimeoutSeconds: 600 },
  };
  const { States } = readDefinition(synthesize(context).template('OrderWorkflow'));
  expect(JSON.stringify(States['What does the order need first?'])).toContain('$units > 3');
  expect(States['Ask for approval']?.Arguments?.['Payload']).toMatchObject({ timeoutSeconds: 600 });
});

describe('while the payment service is unavailable', () => {
  const settings = { chargeRetrySeconds: 7_200, refundRetrySeconds: 172_800 };
  const { States } = readDefinition(synthesize({ 'order-workflow': settings }).template('OrderWorkflow'));

  it('retries the charge for the configured time, and not after other errors', () => {
    const [unavailable, ...others] = States['Charge the payment']?.Retry ?? [];
    expect(unavailable).toMatchObject({ ErrorEquals: ['PaymentUnavailableError'], JitterStrategy: 'NONE' });
    expect(delaySeconds(unavailable)).toBeGreaterThanOrEqual(7_200);
    expect(delaySeconds(unavailable)).toBeLessThan(7_200 + 900);
    const names = others.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(names).not.toContain('States.ALL');
    expect(names).not.toContain('States.TaskFailed');
  });

  it.each(['Refund the payment', 'Release the stock'])('retries %s for the configured time after any error', (name) => {
    const last = States[name]?.Retry?.at(-1);
    expect(last).toMatchObject({ ErrorEquals: ['States.ALL'], JitterStrategy: 'NONE' });
    expect(delaySeconds(last)).toBeGreaterThanOrEqual(172_800);
  });
});

it('retries a notification for longer than the 24 hours of the daily quota of SES, after the status is set', () => {
  const { States } = readDefinition(synthesize().template('OrderWorkflow'));
  const throttled = States['Notify the customer']?.Retry?.[0];
  // Full jitter halves the delays on average.
  expect(delaySeconds(throttled) / 2).toBeGreaterThan(86_400);
  expect(States['Announce how it ended']?.Next).toBe('Notify the customer');
});

it.each([{}, longest])('keeps the timeout of an execution above all retries, below a year, with %j', (settings) => {
  const definition = readDefinition(synthesize({ 'order-workflow': settings }).template('OrderWorkflow'));
  const seconds = ({ TimeoutSeconds = 0, Retry = [] }: StateInTemplate) =>
    Retry.reduce((sum, one) => sum + delaySeconds(one) + (one.MaxAttempts ?? 0) * 20, TimeoutSeconds);
  const paths = executionPaths(definition).map(({ states }) =>
    states.reduce((sum, name) => sum + seconds(definition.States[name] ?? { Type: 'none' }), 0),
  );
  expect(definition.TimeoutSeconds).toBeGreaterThanOrEqual(Math.max(...paths));
  expect(definition.TimeoutSeconds).toBeLessThan(365 * 86_400);
  const attempts = Object.values(definition.States).flatMap(({ Retry = [] }) =>
    Retry.map((one) => one.MaxAttempts ?? 0),
  );
  // An attempt has five events in the history, which holds 25,000.
  expect(attempts.reduce((sum, one) => sum + one, 0) * 5).toBeLessThan(25_000);
});
