import { transientLambdaErrors, type State } from '../../constructs/asl';
import { mark } from './direct';
import { invoke, retry, tableErrors, type DefinitionProps } from './step';

/** Undoes what was done or may have been: money first, then stock. */
export function compensation(props: DefinitionProps): Record<string, State> {
  const failed = [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order as needing attention' }];
  return {
    'Refund the payment': {
      ...invoke(props.refundPayment, {}),
      Retry: [retry(['PaymentUnavailable', ...transientLambdaErrors, ...tableErrors], 6)],
      Catch: failed,
      Next: 'May stock have been taken?',
    },
    'May stock have been taken?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $stockUnknown %}', Next: 'Give the stock back' }],
      Default: 'Tell the customer',
    },
    'Give the stock back': {
      ...invoke(props.updateInventory, { change: 'release' }),
      Retry: [retry(['InventoryBusy', ...transientLambdaErrors, ...tableErrors], 6)],
      Catch: failed,
      Next: 'Tell the customer',
    },
    'Mark the order as needing attention': mark(props, {
      status: 'needs-attention',
      reason: '{% $reason %}',
      next: 'The compensation failed',
    }),
    'The compensation failed': {
      Type: 'Fail',
      Error: 'CompensationFailed',
      Cause: 'What was done for the order could not be undone: it is marked needs-attention.',
    },
  };
}
