import { transientLambdaErrors, type State } from '../../constructs/asl';
import { because, caught, invoke, retry, tableErrors, type DefinitionProps } from './step';

/** From the receipt to the payment: validated, and approved by a person where it is large. */
export function entry(props: DefinitionProps): Record<string, State> {
  const { approvalThreshold } = props;
  return {
    'Validate the order': {
      ...invoke(props.validateOrder, {}),
      Retry: [retry([...transientLambdaErrors, ...tableErrors])],
      Catch: [caught('failed', 'validation-failed', 'Tell the customer')],
      Assign: { units: '{% $states.result.Payload.units %}', valid: '{% $states.result.Payload.valid %}' },
      Next: 'What does the order need first?',
    },
    'What does the order need first?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $not($valid) %}', Assign: because('rejected', 'invalid-order'), Next: 'Tell the customer' },
        { Condition: `{% $units > ${approvalThreshold} %}`, Next: 'Ask for approval' },
      ],
      Default: 'Charge the payment',
    },
    'Ask for approval': {
      ...invoke(props.requestApproval, { taskToken: '{% $states.context.Task.Token %}' }, '.waitForTaskToken'),
      TimeoutSeconds: props.approvalTimeoutSeconds,
      Retry: [retry([...transientLambdaErrors.filter((error) => error !== 'States.Timeout'), ...tableErrors])],
      Catch: [
        caught('rejected', 'approval-expired', 'Tell the customer', ['States.Timeout']),
        caught('failed', 'approval-failed', 'Tell the customer'),
      ],
      Assign: { decision: '{% $states.result.decision %}' },
      Next: 'Was it approved?',
    },
    'Was it approved?': {
      Type: 'Choice',
      Choices: [{ Condition: "{% $decision = 'approve' %}", Next: 'Charge the payment' }],
      Assign: because('rejected', 'approval-refused'),
      Default: 'Tell the customer',
    },
  };
}
