import { transientLambdaErrors, type State } from '../../constructs/asl';
import { announce, mark } from './direct';
import { invoke, orderId, retry, tableErrors, type DefinitionProps } from './step';

/** The ends that are not wanted: the customer and other systems are told, and the order is marked. */
export function endings(props: DefinitionProps): Record<string, State> {
  return {
    'Tell the customer': {
      ...invoke(props.sendConfirmation, { outcome: '{% $ending %}', reason: '{% $reason %}' }),
      Retry: [retry([...transientLambdaErrors, ...tableErrors])],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Mark the order ended' }],
      Next: 'Mark the order ended',
    },
    'Mark the order ended': mark(props, {
      status: '{% $ending %}',
      reason: '{% $reason %}',
      next: 'Announce how it ended',
    }),
    'Announce how it ended': announce(props, {
      type: "{% $ending = 'rejected' ? 'OrderRejected' : 'OrderFailed' %}",
      detail: { orderId, status: '{% $ending %}', reason: '{% $reason %}' },
      next: 'Was it rejected?',
    }),
    'Was it rejected?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $ending = 'rejected' %}", Next: 'The order is rejected' }],
      Default: 'The order failed',
    },
    'The order is rejected': { Type: 'Succeed' },
    'The order failed': {
      Type: 'Fail',
      Error: 'OrderFailed',
      Cause: 'A step failed for good; what had been done was undone, and the order is marked failed.',
    },
  };
}
