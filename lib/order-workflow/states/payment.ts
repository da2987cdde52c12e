import { transientLambdaErrors, type State } from '../../constructs/asl';
import { because, caught, invoke, retry, tableErrors, type DefinitionProps } from './step';

/** The charge; whatever its outcome, a decline apart, leaves something to undo. */
export function payment(props: DefinitionProps): Record<string, State> {
  return {
    'Charge the payment': {
      ...invoke(props.chargePayment, {}),
      // One retrier, since each counts for itself: whatever fails, three further tries and no more.
      Retry: [{ ...retry(['PaymentUnavailable', ...transientLambdaErrors, ...tableErrors]), MaxAttempts: 3 }],
      // It may have happened, however it failed.
      Catch: [caught('failed', 'payment-failed', 'Refund the payment', ['States.ALL'], { stockUnknown: false })],
      Assign: { charge: '{% $states.result.Payload.outcome %}' },
      Next: 'Was the payment taken?',
    },
    'Was the payment taken?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $charge = 'charged' %}", Next: 'Update the inventory' }],
      Assign: because('rejected', 'payment-declined'),
      Default: 'Tell the customer',
    },
  };
}
